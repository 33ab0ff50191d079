/**
 * The table's filter as the map applies it. What tiles hold is filtered by the painter itself and never refetched; for
 * everything else (text, marks, batch, zone, area) the service names the parcels that match.
 */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { ParcelFilter } from '../../../shared/contract/parcels.ts'
import { useService } from '../../app/service-context.ts'
import type { MapFilter } from '../../map/map-port.ts'

const IN_TILES = ['sides', 'states', 'units', 'classes', 'taxes', 'years', 'freed'] as const

const isSet = (value: unknown): boolean =>
  value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)

export function useMapFilter(filter: ParcelFilter): MapFilter {
  const { client } = useService()
  const beyond = useMemo(
    () =>
      Object.fromEntries(
        Object.entries(filter).filter(([name, value]) => !IN_TILES.some(known => known === name) && isSet(value)),
      ) as ParcelFilter,
    [filter],
  )
  const asks = Object.keys(beyond).length > 0
  const { data } = useQuery({
    queryKey: ['parcels', 'keys', beyond],
    queryFn: async () => Uint32Array.from((await client.parcels.keys({ filter: beyond })).pks),
    enabled: asks,
  })
  return useMemo(() => {
    const inTiles = IN_TILES.filter(name => isSet(filter[name])).map(name => [name, filter[name]])
    // Until the answer comes the map shows what it showed: hiding everything would look like "nothing found".
    const keys = asks && data ? [['keys', data]] : []
    return inTiles.length + keys.length === 0 ? null : Object.fromEntries([...inTiles, ...keys])
  }, [filter, asks, data])
}
