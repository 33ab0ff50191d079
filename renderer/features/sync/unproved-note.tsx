/** Entries whose state the merged records do not prove: not a conflict of values, but nobody may overlook it either. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { wordList } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'

export function UnprovedNote() {
  const { t } = useTranslation()
  const { client } = useService()
  const unit = useSurvey()?.profile.unit ?? null
  const { data } = useQuery({
    queryKey: ['sync', 'unproved', unit],
    queryFn: () => client.loop.work({ list: 'unproved', unit, limit: 5 }),
  })
  if (!data || data.total === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      banner
      title={t('sync.unproved', { count: data.total, names: wordList(data.items.map(item => item.title)) })}
      action={<Button onClick={() => setUi({ page: 'todo' })}>{t('sync.to_todo')}</Button>}
    />
  )
}
