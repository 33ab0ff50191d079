/** Everything that was published, newest first: who, when, why, what differed; each can be printed again as it was. */
import { Button, Modal, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PublishedSummary } from '../../../shared/contract/published-reports.ts'
import { formatInstant } from '../../app/format.ts'
import { DifferenceTable } from './difference-table.tsx'

interface PublishedListProps {
  list: readonly PublishedSummary[]
  onClose: () => void
  onPrint: (id: string) => void
}

export function PublishedList({ list, onClose, onPrint }: Readonly<PublishedListProps>) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<string | null>(null)
  return (
    <Modal open width={860} footer={null} title={t('report.published_title')} onCancel={onClose}>
      <div className="published-list">
        {list.map(entry => (
          <div key={entry.id} className="published-entry">
            <div className="card-row">
              <strong>{entry.title}</strong>
              <Tag color={entry.intact ? 'green' : 'red'}>
                {t(entry.intact ? 'report.status_published' : 'report.status_altered', { revision: entry.revision })}
              </Tag>
              <span className="muted">
                {t('report.published_by', { user: entry.published_by, at: formatInstant(entry.published_at) })}
              </span>
            </div>
            {entry.reason && <div>{t('report.revised_for', { reason: entry.reason })}</div>}
            <div className="muted published-basis">
              {t('report.basis', { boundary: entry.boundary ?? '—', rules: entry.rules ?? '—' })} · SHA-256{' '}
              {entry.sha256.slice(0, 16)}…
            </div>
            <div className="card-row">
              <Button size="small" disabled={!entry.intact} onClick={() => onPrint(entry.id)}>
                {t('report.print_again')}
              </Button>
              {entry.differences.length > 0 && (
                <Button size="small" type="link" onClick={() => setShown(shown === entry.id ? null : entry.id)}>
                  {t('report.difference.title', { count: entry.differences.length })}
                </Button>
              )}
            </div>
            {shown === entry.id && <DifferenceTable list={entry.differences} />}
          </div>
        ))}
      </div>
    </Modal>
  )
}
