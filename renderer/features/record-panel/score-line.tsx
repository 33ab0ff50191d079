/** Class and score of a year with their source: published or computed, and item by item why. */
import './score-line.css'
import { Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isOutdated, type ScoreBasis } from '../../../shared/rules/scoring/basis.ts'
import { itemsInWords, scoreInWords } from '../../../shared/rules/scoring/words.ts'
import { language } from '../../app/i18n/i18n.ts'
import { ClassChip } from '../../ui/class-chip.tsx'

export function ScoreLine({ record }: Readonly<{ record: Record<string, unknown> }>) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const published = record['class'] as string | null
  const computed = record['computed_class'] as string | null
  const basis = record['score_basis'] as ScoreBasis | null
  if (!published && !basis) return <div className="muted score-line">{t('scoring.none_yet')}</div>
  return (
    <div className="score-line">
      {published && (
        <span>
          <ClassChip code={published} /> <span className="muted">{t('scoring.source.published')}</span>
        </span>
      )}
      {basis && (
        <span>
          <ClassChip code={computed} /> <span className="muted">{t('scoring.source.computed')}</span>
        </span>
      )}
      {published && computed && published !== computed && <Tag color="warning">{t('scoring.differs')}</Tag>}
      {basis && isOutdated(basis, record) && <Tag color="warning">{t('scoring.outdated')}</Tag>}
      {basis && (
        <>
          <div>
            {scoreInWords(basis, record['computed_score'] as number | null, language())}
            {basis.items.length > 0 && (
              <button type="button" className="link-button" onClick={() => setOpen(!isOpen)}>
                {t(isOpen ? 'action.close' : 'scoring.explain')}
              </button>
            )}
          </div>
          {isOpen && itemsInWords(basis, language()).map(line => <div key={line}>{line}</div>)}
          {isOpen && <div className="muted">{t('scoring.by_version', { version: basis.version })}</div>}
        </>
      )}
    </div>
  )
}
