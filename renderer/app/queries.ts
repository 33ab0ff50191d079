/**
 * Cached answers of the service. They are thrown away when the service says that what they speak of has changed; nothing
 * expires by time, for nobody else writes to a local file.
 */
import { QueryClient } from '@tanstack/react-query'
import type { ServiceEvent } from '../../shared/contract/survey.ts'

/** First word of every query key: what the answer is about. A change of an entity invalidates these words. */
export const TOPICS = [
  'survey',
  'parcels',
  'enterprises',
  'plans',
  'zones',
  'boundaries',
  'imports',
  'history',
  'edits',
  'search',
  'settings',
  'photos',
  'sync',
  'loop',
] as const
export type Topic = (typeof TOPICS)[number]

const TOPICS_OF_ENTITY: Readonly<Record<string, readonly Topic[]>> = {
  parcel: ['parcels', 'enterprises', 'plans', 'zones'],
  occupancy: ['parcels', 'enterprises', 'plans', 'zones'],
  enterprise: ['enterprises', 'parcels', 'plans', 'zones'],
  enterprise_year: ['enterprises'],
  plan: ['plans', 'parcels', 'enterprises'],
  measure: ['plans', 'parcels', 'enterprises'],
  milestone: ['plans'],
  zone: ['zones', 'parcels'],
  zone_member: ['zones', 'parcels'],
  attachment: ['photos', 'parcels'],
  boundary_version: ['boundaries'],
  boundary_feature: ['boundaries'],
}

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Infinity,
        gcTime: 5 * 60_000,
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: false,
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  })
}

/** Drops what a change makes old. */
export function invalidateFor(queries: QueryClient, event: ServiceEvent): void {
  if (event.type === 'heartbeat') return
  if (event.type === 'survey_opened' || event.bulk) {
    void queries.invalidateQueries()
    return
  }
  const topics = new Set<Topic>(['survey', 'history', 'edits', 'search', 'sync', 'loop'])
  for (const entity of Object.keys(event.entities))
    for (const topic of TOPICS_OF_ENTITY[entity] ?? []) topics.add(topic)
  for (const topic of topics) void queries.invalidateQueries({ queryKey: [topic] })
}
