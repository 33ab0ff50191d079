/**
 * The visit being filled in. The first answer makes a draft in the survey file, every further one is written 400 ms later
 * and before the page changes: a reload or a crash finds the form as it was.
 */
import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { errorMessage } from '../../app/errors.ts'
import { registerFlush, reportFailed, tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'

type Values = Record<string, unknown>

const DEBOUNCE_MS = 400

export const VISIT_VALUES = [
  'operating_status',
  'side_marked',
  'side_reason',
  'side_note',
  'ineff_types',
  'idle_suspect',
  'findings',
  'inspectors',
  'weather',
  'enterprise_id',
] as const

export function useVisitDraft(parcelId: string) {
  const { client, generation } = useService()
  const start = useQuery({
    queryKey: ['loop', 'visits', 'start', parcelId, generation],
    queryFn: () => client.visits.start({ parcel_id: parcelId }),
    placeholderData: previous => previous,
  })
  const { data } = start
  const [values, setValues] = useState<Values>({})
  const [problem, setProblem] = useState('')
  const made = useRef<{ id: string; rev: number } | null>(null)
  const pending = useRef<Values>({})
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const chain = useRef<Promise<unknown>>(Promise.resolve())
  const failed = useRef<(() => void) | undefined>(undefined)
  const presets = useRef<Values>({})
  const isSeeded = useRef(false)

  // What is stored is shown, unless something typed here is newer: after a reload, an undo, or another person's edit.
  const record = data?.draft?.record
  useEffect(() => {
    if (!data || Object.keys(pending.current).length > 0) return
    presets.current = data.presets
    if (record) {
      if (
        made.current?.id === record['id'] &&
        made.current &&
        Number(record['rev']) <= made.current.rev &&
        isSeeded.current
      )
        return
      made.current = { id: String(record['id']), rev: Number(record['rev']) }
      setValues(Object.fromEntries(VISIT_VALUES.map(name => [name, record[name] ?? null])))
    } else {
      made.current = null
      setValues(data.presets)
    }
    isSeeded.current = true
  }, [data, record])

  const write = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current)
    const waiting = pending.current
    if (Object.keys(waiting).length === 0 && made.current) return
    pending.current = {}
    try {
      if (!made.current) {
        const { id, rev } = await tracked(() =>
          client.records.create({
            entity: 'survey_visit',
            values: {
              ...presets.current,
              ...waiting,
              parcel_id: parcelId,
              visited_at: new Date().toISOString(),
              status: 'DRAFT',
            },
          }),
        )
        made.current = { id, rev }
      } else {
        const { id, rev } = made.current
        const saved = await tracked(() =>
          client.records.update({ entity: 'survey_visit', id, base_rev: rev, values: waiting }),
        )
        made.current = { id, rev: Math.max(rev, saved.rev) }
      }
      failed.current?.()
      failed.current = undefined
      setProblem('')
    } catch (error) {
      pending.current = { ...waiting, ...pending.current }
      failed.current ??= reportFailed()
      setProblem(errorMessage(error))
      throw error
    }
  }, [client, parcelId])

  /** One write after the other, each based on the revision of the one before. */
  const flush = useCallback((): Promise<void> => {
    const next = chain.current.then(write, write)
    chain.current = next.catch(() => undefined)
    return next
  }, [write])

  useEffect(() => {
    const quietly = (): void => {
      if (Object.keys(pending.current).length > 0) void flush().catch(() => undefined)
    }
    const end = registerFlush(quietly)
    return () => {
      end()
      quietly()
      failed.current?.()
    }
  }, [flush])

  const change = useCallback(
    (patch: Values): void => {
      setValues(previous => ({ ...previous, ...patch }))
      pending.current = { ...pending.current, ...patch }
      clearTimeout(timer.current)
      timer.current = setTimeout(() => void flush().catch(() => undefined), DEBOUNCE_MS)
    },
    [flush],
  )

  /** The draft's record, made now if there is none yet: photos and signatures belong to it. */
  const ensure = useCallback(async (): Promise<{ id: string; rev: number }> => {
    await flush()
    return made.current!
  }, [flush])

  /** Something else wrote the record (a signature): what follows is based on that. */
  const advance = useCallback((rev: number): void => {
    if (made.current) made.current = { ...made.current, rev: Math.max(made.current.rev, rev) }
  }, [])

  return useMemo(
    () => ({ start: data, error: start.error, values, problem, change, flush, ensure, advance }),
    [data, start.error, values, problem, change, flush, ensure, advance],
  )
}
