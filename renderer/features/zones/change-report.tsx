/** What saving a detection would do to the zones that there are: said before it is done. */
import { useTranslation } from 'react-i18next'
import type { ZoneChange } from '../../../shared/contract/zones.ts'
import { wordList } from '../../app/format.ts'

const MOST_CODES = 6

export function ChangeReport({ changes }: Readonly<{ changes: readonly ZoneChange[] }>) {
  const { t } = useTranslation()
  const count = (kind: ZoneChange['kind']) => changes.filter(change => change.kind === kind).length
  const changed = changes.filter(change => change.kind === 'changed')
  const codes = (list: readonly string[]) =>
    wordList(list.slice(0, MOST_CODES)) + (list.length > MOST_CODES ? ` … (${list.length})` : '')
  return (
    <details className="change-report" data-testid="zone-changes">
      <summary className="numbers">
        {t('zone.changes', {
          created: count('new'),
          changed: changed.length,
          kept: count('kept'),
          fixed: count('fixed'),
        })}
      </summary>
      {changed.map(change => (
        <div key={change.code} className="muted">
          <b>{change.name}</b>
          {change.added.length > 0 && ` + ${codes(change.added)}`}
          {change.removed.length > 0 && ` − ${codes(change.removed)}`}
        </div>
      ))}
    </details>
  )
}
