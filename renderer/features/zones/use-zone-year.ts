/** The year to start with: the newest that has zones, otherwise the campaign's last year or the present one. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'

export function useZoneYear(): [number, (year: number | null) => void] {
  const { client } = useService()
  const survey = useSurvey()
  const [chosen, setChosen] = useState<number | null>(null)
  const { data } = useQuery({ queryKey: ['zones', 'list', 'all'], queryFn: () => client.zones.list({}) })
  const newest = data?.reduce<number | null>((year, zone) => Math.max(year ?? 0, zone.year), null)
  const present = new Date().getFullYear()
  return [chosen ?? newest ?? Math.min(present, Number(survey?.campaign?.['end_year'] ?? present)), setChosen]
}
