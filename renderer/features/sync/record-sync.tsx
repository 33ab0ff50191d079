/** In the head of a record: saved here, sent, or received by the hub; nothing while the survey has no hub. */
import { CheckCircleOutlined, ClockCircleOutlined, ExclamationCircleOutlined, SaveOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../shared/model/entity.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import './record-sync.css'

const ICONS = { saved: SaveOutlined, sent: ClockCircleOutlined, confirmed: CheckCircleOutlined } as const
/** A meeting in the background moves the state without a change of the record. */
const LOOK_AGAIN_MS = 5000

export function RecordSync({ entity, id }: Readonly<{ entity: EntityName; id: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { data } = useQuery({
    queryKey: ['sync', 'record', entity, id],
    queryFn: () => client.sync.record({ entity, id }),
    refetchInterval: query => (query.state.data?.state === 'unlinked' ? false : LOOK_AGAIN_MS),
  })
  if (!data || data.state === 'unlinked') return null
  const Icon = data.refused + data.conflicts > 0 ? ExclamationCircleOutlined : ICONS[data.state]
  const troubles = [
    data.conflicts > 0 ? t('sync.record.conflicts', { count: data.conflicts }) : '',
    data.refused > 0 ? t('sync.record.refused', { count: data.refused }) : '',
  ].filter(Boolean)
  return (
    <Tooltip title={t(`sync.record.hint.${data.state}`)}>
      <button
        type="button"
        className={troubles.length > 0 ? 'record-sync record-sync-trouble' : `record-sync record-sync-${data.state}`}
        data-testid="record-sync"
        data-state={data.state}
        onClick={() => setUi({ page: 'sync' })}
      >
        {/* What asks for a decision alone: both would push the record's own code out of the head. */}
        <Icon /> {troubles.length > 0 ? troubles.join(' · ') : t(`sync.record.${data.state}`)}
      </button>
    </Tooltip>
  )
}
