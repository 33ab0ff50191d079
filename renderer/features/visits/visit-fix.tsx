/** The receiver's position for a visit: taken over by one click, never by itself, and taken out again by another. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { readVisitFix, type VisitFix, visitFix } from '../../../shared/gnss/visit-fix.ts'
import { formatInstant } from '../../app/format.ts'
import { t as words } from '../../app/i18n/i18n.ts'
import { gnssState, isStale, useGnss } from '../gnss/gnss-session.ts'
import { useSeconds } from '../gnss/use-seconds.ts'
import { accuracyWords } from '../gnss/words.ts'

interface VisitFixRowProps {
  value: unknown
  disabled: boolean
  onChange: (fix: VisitFix | null) => void
}

/** A position that was taken over, in words; empty when there is none. */
export function fixWords(value: unknown): string {
  const fix = readVisitFix(value)
  if (!fix) return ''
  const { lng, lat, quality, accuracy_m, accuracy_from, satellites, time, source } = fix
  return [
    `${lng.toFixed(6)}, ${lat.toFixed(6)}`,
    words(`gnss.quality.${quality}`),
    words('gnss.accuracy', { accuracy: accuracyWords(accuracy_m, accuracy_from) }),
    words('gnss.satellites', { count: satellites ?? '—' }),
    time && formatInstant(time),
    source === 'replay' && words('gnss.status_replay'),
  ]
    .filter(Boolean)
    .join(' · ')
}

export function VisitFixRow({ value, disabled, onChange }: Readonly<VisitFixRowProps>) {
  const { t } = useTranslation()
  const source = useGnss(state => state.source)
  const hasFix = useGnss(state => state.trouble === null && state.epoch?.fix !== null && state.fix !== null)
  const now = useSeconds(source !== null)
  const text = fixWords(value)
  const isUsable = source !== null && hasFix && !isStale(gnssState(), now)
  const take = (): void => {
    const { fix, source: from } = gnssState()
    if (fix && from) onChange(visitFix(fix, from.kind))
  }
  return (
    <div className="visit-fix" data-testid="visit-fix">
      <span className="numbers">{text || t('visit.fix.none')}</span>
      {source && (
        <Button size="small" disabled={disabled || !isUsable} title={isUsable ? '' : t('gnss.no_place')} onClick={take}>
          {t(text === '' ? 'visit.fix.take' : 'visit.fix.again')}
        </Button>
      )}
      {text !== '' && (
        <Button size="small" type="link" disabled={disabled} onClick={() => onChange(null)}>
          {t('visit.fix.clear')}
        </Button>
      )}
    </div>
  )
}
