/** Special records of one parcel: reclamation, suspected idle land with the tests of the regulation, standard land. */
import { entityLabel } from '../../app/i18n/i18n.ts'
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
