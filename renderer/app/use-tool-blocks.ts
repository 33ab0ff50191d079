/** Why drawing tools cannot be taken now: key of `disabled.<reason>` by tool. One list for the map, keys and palette. */

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { mayWriteRecord, type Person } from '../../shared/rules/roles/roles.ts'
import type { MapToolName } from '../map/map-port.ts'
import { useService } from './service-context.ts'
import { useUi } from './ui-store.ts'
import { useSurvey } from './use-survey.ts'

export type ToolBlocks = Readonly<Partial<Record<MapToolName, string>>>

/** Tools that change parcels that are there. */
const NEEDS_PARCELS: readonly MapToolName[] = [
  'edit',
  'hole',
  'part',
  'split',
  'boundarySplit',
  'merge',
  'cut',
  'delete',
]
const DRAWS: readonly MapToolName[] = ['draw', 'trace', 'rectangle', 'typed']

export function useToolBlocks(): ToolBlocks {
  const { client } = useService()
  const survey = useSurvey()
  const selection = useUi(state => state.selection)
  const parcelId = selection?.entity === 'parcel' ? selection.id : ''
  const selected = useQuery({
    queryKey: ['parcels', 'side', parcelId],
    queryFn: async () => (await client.parcels.detail({ id: parcelId })).record['side'],
    enabled: parcelId !== '',
    retry: false,
  }).data

  return useMemo(() => blocksOf(survey, selected), [survey, selected])
}

function blocksOf(survey: ReturnType<typeof useSurvey>, selectedSide: unknown): ToolBlocks {
  const blocks: Partial<Record<MapToolName, string>> = {}
  const block = (tools: readonly MapToolName[], why: string): void => {
    for (const tool of tools) blocks[tool] ??= why
  }
  if (!survey?.open) block([...DRAWS, ...NEEDS_PARCELS], 'no_survey')
  else {
    if (mayWriteRecord(survey.profile as Person, 'parcel') !== null) block([...DRAWS, ...NEEDS_PARCELS], 'read_only')
    if (!survey.extent) block(NEEDS_PARCELS, 'no_parcels')
    if (!survey.boundary) block(['boundarySplit'], 'no_boundary')
    else if (selectedSide !== undefined && selectedSide !== 'crossing') block(['boundarySplit'], 'not_crossing')
  }
  return blocks
}
