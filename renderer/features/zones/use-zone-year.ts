/**
 * The year to start with: the newest that has zones, otherwise the campaign's last year or the present one. The third value is
 * false until that is known: a year that changes by itself under the fingers would mix with what is being typed.
 */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'

export function useZoneYear(): [number, (year: number | null) => void, boolean] {
  const { client } = useService()
  const survey = useSurvey()
  const [chosen, setChosen] = useState<number | null>(null)
  const { data, isPending } = useQuery({ queryKey: ['zones', 'list', 'all'], queryFn: () => client.zones.list({}) })
  const newest = data?.reduce<number | null>((year, zone) => Math.max(year ?? 0, zone.year), null)
  const present = new Date().getFullYear()
  const year = chosen ?? newest ?? Math.min(present, Number(survey?.campaign?.['end_year'] ?? present))
  return [year, setChosen, !isPending]
}
