/** A setting of this computer that outlives the window: kept by the service in one file, shared by all hosts. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useNotify } from './notify.ts'
import { useService } from './service-context.ts'

const KEY = ['settings', 'device']

/** `read` makes a value of what is stored, which may be missing or of an older version; null while it is not known. */
export function useDeviceSetting<T>(
  name: string,
  read: (stored: unknown) => T,
): readonly [T | null, (value: T) => Promise<void>] {
  const { client } = useService()
  const queries = useQueryClient()
  const notify = useNotify()
  const { data } = useQuery({ queryKey: KEY, queryFn: () => client.survey.settings() })
  const write = useCallback(
    (value: T) =>
      client.survey.setSettings({ [name]: value }).then(stored => void queries.setQueryData(KEY, stored), notify.error),
    [client, queries, notify, name],
  )
  return [data ? read(data[name]) : null, write]
}
