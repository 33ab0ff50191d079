/** One repaired outline as it stood in the file and as it will be kept, one over the other. */
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportIssue } from '../../../shared/contract/imports.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatNumber } from '../../app/format.ts'
import { useService } from '../../app/service-context.ts'
import { OutlineCanvas, type OutlineLayer } from '../../ui/outline-canvas.tsx'

const BEFORE = '#cf3b3b'
const AFTER = '#2e9e5b'
const HEIGHT_PX = 150

export function RepairView({ source, issue }: Readonly<{ source: string; issue: ImportIssue }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { data, error } = useQuery({
    queryKey: ['imports', 'repair', source, issue.index],
    queryFn: () => client.imports.repair({ source, index: issue.index }),
  })
  const layers = useMemo<OutlineLayer[]>(
    () => [
      ...(data?.after ? [{ geometry: data.after, stroke: AFTER, fill: `${AFTER}33`, width: 2 }] : []),
      ...(data?.before ? [{ geometry: data.before, stroke: BEFORE, width: 1.5, dash: [4, 3] }] : []),
    ],
    [data],
  )
  if (error) return <span className="field-failed">{errorMessage(error)}</span>
  if (!data) return null
  if (layers.length === 0) return <span className="muted">{t('import.no_outlines')}</span>
  return (
    <div className="repair">
      <OutlineCanvas layers={layers} height={HEIGHT_PX} label={t('import.areas')} />
      <dl className="numbers">
        <dt className="repair-before">{t('import.before')}</dt>
        <dd>{formatNumber(issue.area_before_m2)} m²</dd>
        <dt className="repair-after">{t('import.after')}</dt>
        <dd>{formatNumber(issue.area_after_m2)} m²</dd>
      </dl>
    </div>
  )
}
