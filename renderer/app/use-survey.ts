/** The open survey, and the stream of events that keeps every cached answer true. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ServiceEvent, SurveyInfo } from '../../shared/contract/survey.ts'
import type { ChangeSource, MapChange } from '../map/map-port.ts'
import { invalidateFor } from './queries.ts'
import { useService } from './service-context.ts'

export function useSurvey(): SurveyInfo | undefined {
  const { client, generation } = useService()
  return useQuery({
    queryKey: ['survey', 'info', generation],
    queryFn: () => client.survey.info(),
    placeholderData: previous => previous,
  }).data
}

const mapListeners = new Set<(change: MapChange) => void>()

/** Changes for the map, passed on from the one event stream. */
export const mapChanges: ChangeSource = {
  subscribe(listener) {
    mapListeners.add(listener)
    return () => mapListeners.delete(listener)
  },
}

/** Events were missed, or the file behind the survey is another one, perhaps an older one. */
function anythingMayHaveChanged(): void {
  for (const listener of mapListeners) listener({ revision: 0, box: null, entities: {}, bulk: true, tile_values: null })
}

const RESUBSCRIBE_MS = 1000

/** Follows the service's events for as long as the component lives; subscribes again when the stream breaks. */
export function useEvents(): void {
  const { client } = useService()
  const queries = useQueryClient()
  useEffect(() => {
    const abort = new AbortController()
    const deliver = (event: ServiceEvent): void => {
      // The map first: its tiles are painted beside this thread while the panels ask again.
      if (event.type === 'changed') for (const listener of mapListeners) listener(event)
      else if (event.type === 'survey_opened') anythingMayHaveChanged()
      invalidateFor(queries, event)
    }
    const follow = async (): Promise<void> => {
      for (let round = 0; !abort.signal.aborted; round++) {
        try {
          const stream = await client.events.subscribe(undefined, { signal: abort.signal })
          // What happened while nobody listened is unknown: ask for everything again.
          if (round > 0) {
            void queries.invalidateQueries()
            anythingMayHaveChanged()
          }
          for await (const event of stream) deliver(event)
        } catch {
          if (abort.signal.aborted) return
        }
        await new Promise(resolve => setTimeout(resolve, RESUBSCRIBE_MS))
      }
    }
    void follow()
    return () => abort.abort()
  }, [client, queries])
}

/** Names of units by code, for tables and panels. */
export function useUnitNames(): ReadonlyMap<string, string> {
  const survey = useSurvey()
  const { i18n } = useTranslation()
  const english = i18n.language === 'en'
  return useMemo(
    () => new Map(survey?.units.map(unit => [unit.code, english ? (unit.name_en ?? unit.name) : unit.name])),
    [survey?.units, english],
  )
}
