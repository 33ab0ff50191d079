/** Special records of one parcel: reclamation, suspected idle land with the tests of the regulation, standard land. */
import { useQuery } from '@tanstack/react-query'
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { idleFee, idleReasons } from '../../../shared/rules/idle.ts'
import { clauses, formatNumber, today } from '../../app/format.ts'
import { entityLabel } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { BOOK_COLUMNS } from './book-columns.ts'
import { RelatedRecords } from './related-records.tsx'
import './loop.css'

export function ParcelBooks({ parcelId }: Readonly<{ parcelId: string }>) {
  const owner = { field: 'parcel_id', id: parcelId }
  const columnsOf = (entity: string): readonly string[] =>
    BOOK_COLUMNS[entity]!.filter(name => name !== 'parcel_id').slice(0, 4)
  return (
    <>
      {(['reclamation', 'idle_case', 'standard_land', 'freed_land'] as const).map(entity => (
        <div key={entity}>
          <div className="section">{entityLabel(entity)}</div>
          {entity === 'idle_case' && <IdleTests parcelId={parcelId} />}
          <RelatedRecords
            entity={entity}
            owner={owner}
            columns={columnsOf(entity)}
            blank={entity === 'freed_land' ? { source: 'other' } : {}}
          />
        </div>
      ))}
    </>
  )
}

/** The tests of 《闲置土地处置办法》: a suspicion and its grounds, never a finding. */
function IdleTests({ parcelId }: Readonly<{ parcelId: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { data } = useQuery({
    queryKey: ['loop', 'related', 'idle_case', 'tests', parcelId],
    queryFn: () => client.loop.related({ entity: 'idle_case', field: 'parcel_id', id: parcelId, offset: 0, limit: 20 }),
  })
  const day = today()
  return data?.rows.map(row => {
    const reasons = idleReasons(row, day)
    const fee = idleFee(row, day)
    return (
      <div key={String(row['id'])} className="loop-line">
        {reasons.length === 0 ? (
          <span className="muted">{t('loop.idle.none')}</span>
        ) : (
          <>
            <Tag color="warning">{t('loop.idle.suspected')}</Tag>
            <span>{clauses(reasons.map(reason => t(`loop.idle.${reason}`)))}</span>
            {fee !== null && <span className="muted numbers">{t('loop.idle.fee', { fee: formatNumber(fee) })}</span>}
          </>
        )}
      </div>
    )
  })
}
