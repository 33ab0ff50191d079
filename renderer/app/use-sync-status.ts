/** Where the survey stands with its hub; asked again now and then, for meetings in the background change no record. */
import { useQuery } from '@tanstack/react-query'
import type { SyncStatus } from '../../shared/contract/sync.ts'
import { useService } from './service-context.ts'
import { useSurvey } from './use-survey.ts'

export function useSyncStatus(everyMs: number): SyncStatus | undefined {
  const { client } = useService()
  const survey = useSurvey()
  return useQuery({
    queryKey: ['sync', 'status', survey?.file],
    queryFn: () => client.sync.status(),
    enabled: survey?.open === true,
    refetchInterval: everyMs,
  }).data
}
