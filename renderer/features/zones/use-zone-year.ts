/**
 * The year to start with: the newest that has zones, otherwise the campaign's last year or the present one. The third value is
 * false until that is known: a year that changes by itself under the fingers would mix with what is being typed.
 */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { today } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'

/** `asked`: a year that the page was led to. */
export function useZoneYear(asked: number | null = null): [number, (year: number | null) => void, boolean] {
  const { client } = useService()
  const survey = useSurvey()
  const [chosen, setChosen] = useState<number | null>(asked)
  const { data, isPending } = useQuery({ queryKey: ['zones', 'list', 'all'], queryFn: () => client.zones.list({}) })
  const newest = data?.reduce<number | null>((year, zone) => Math.max(year ?? 0, zone.year), null)
  const present = Number(today().slice(0, 4))
  const year = chosen ?? newest ?? Math.min(present, Number(survey?.campaign?.['end_year'] ?? present))
  return [year, setChosen, !isPending]
}
