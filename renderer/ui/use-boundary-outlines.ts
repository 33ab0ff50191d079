/** The active boundary as a backdrop of small maps; empty while there is none. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { errorCode } from '../app/errors.ts'
import { useService } from '../app/service-context.ts'
import type { OutlineLayer } from './outline-canvas.tsx'

export const BOUNDARY_COLOR = '#c2255c'
/** About 10 m: a small map shows no more. */
const TOLERANCE_DEGREES = 0.0001

export function useBoundaryOutlines(): readonly OutlineLayer[] {
  const { client } = useService()
  const { data } = useQuery({
    queryKey: ['boundaries', 'outlines', 'backdrop'],
    queryFn: async () => {
      try {
        return await client.boundaries.outlines({ tolerance_degrees: TOLERANCE_DEGREES })
      } catch (error) {
        if (errorCode(error) === 'not_found') return []
        throw error
      }
    },
  })
  return useMemo(
    () => (data ?? []).map(({ geometry }) => ({ geometry, stroke: BOUNDARY_COLOR, width: 1.5, backdrop: true })),
    [data],
  )
}
