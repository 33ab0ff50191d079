/** Loading and saving of the record in the panel: one write at a time, each based on the newest revision. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef } from 'react'
import type { EntityName } from '../../../shared/model/entity.ts'
import { useService } from '../../app/service-context.ts'

export function useParcel(id: string) {
  const { client, generation } = useService()
  return useQuery({
    queryKey: ['parcels', 'detail', id, generation],
    queryFn: () => client.parcels.detail({ id }),
    placeholderData: previous => previous,
  })
}

export function useEnterprise(id: string) {
  const { client, generation } = useService()
  return useQuery({
    queryKey: ['enterprises', 'detail', id, generation],
    queryFn: () => client.enterprises.detail({ id }),
    placeholderData: previous => previous,
  })
}

/**
 * A saver of single fields. The revision is that of the last answer, and moves on with each own write, so that fields
 * saved quickly after one another do not collide with themselves.
 */
export function useFieldSaver(
  entity: EntityName,
  id: string,
  rev: number,
): (field: string, value: unknown) => Promise<void> {
  const { client } = useService()
  const queries = useQueryClient()
  const latest = useRef(rev)
  latest.current = Math.max(latest.current, rev)
  const chain = useRef<Promise<unknown>>(Promise.resolve())
  return useCallback(
    (field, value) => {
      const write = async (): Promise<void> => {
        const saved = await client.records.update({ entity, id, base_rev: latest.current, values: { [field]: value } })
        latest.current = Math.max(latest.current, saved.rev)
        await queries.invalidateQueries({ queryKey: ['history', entity, id] })
      }
      const next = chain.current.then(write, write)
      chain.current = next.catch(() => undefined)
      return next
    },
    [client, queries, entity, id],
  )
}
