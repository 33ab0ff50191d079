/** Which two boundary versions stand left and right of the divider, and the parcels that they judge differently, one by one. */
import { CloseOutlined, LeftOutlined, RightOutlined, SwapOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoundaryComparison } from '../../../shared/contract/boundary-review.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import type { MapCompare } from '../../map/map-port.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'

function useVersions() {
  const { client } = useService()
  const survey = useSurvey()
  return useQuery({
    queryKey: ['boundaries', 'list'],
    queryFn: () => client.boundaries.list(),
    enabled: survey?.open === true,
  }).data
}

export function CompareButton() {
  const { t } = useTranslation()
  const versions = useVersions()
  const compare = useUi(state => state.compare)
  const why = (versions?.length ?? 0) < 2 ? t('viewing.compare.one') : undefined
  return (
    <Button
      icon={<SwapOutlined />}
      type={compare ? 'primary' : 'default'}
      disabled={why !== undefined}
      title={why ?? t('viewing.compare.on_map')}
      onClick={() => setUi({ compare: compare ? null : { from: '', to: '' } })}
    >
      {t('viewing.compare.button')}
    </Button>
  )
}

/** `onCompare` gets what the map shows; null while nothing is compared. */
export function CompareBar({ onCompare }: Readonly<{ onCompare: (compare: MapCompare | null) => void }>) {
  const wanted = useUi(state => state.compare)
  const versions = useVersions()
  if (!wanted || !versions || versions.length < 2) return null
  // The one in force and the next, left the older one, as one reads a change.
  const [older] = versions.slice(0, 2).sort((a, b) => a.effective_date.localeCompare(b.effective_date))
  const from = versions.find(version => version.id === wanted.from) ?? older!
  const to = versions.find(version => version.id === wanted.to) ?? versions.find(version => version.id !== from.id)!
  return <Comparison key={`${from.id}/${to.id}`} from={from} to={to} versions={versions} onCompare={onCompare} />
}

type Version = BoundaryComparison['from']

function Comparison({
  from,
  to,
  versions,
  onCompare,
}: Readonly<{
  from: Version
  to: Version
  versions: readonly Version[]
  onCompare: (compare: MapCompare | null) => void
}>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { start, ...job } = useJob<BoundaryComparison>()
  const [at, setAt] = useState(-1)
  useEffect(() => {
    if (from.id === to.id) return
    void start(signal => client.boundaries.compare({ from: from.id, to: to.id }, { signal }))
  }, [client, start, from.id, to.id])
  const rows = job.result?.rows
  const { data: outlines } = useQuery({
    queryKey: ['parcels', 'outlines', 'compare', from.id, to.id, rows?.length],
    queryFn: () => client.parcels.outlines({ ids: rows!.map(row => row.id) }),
    enabled: rows !== undefined,
  })
  const compare = useMemo<MapCompare>(() => {
    const sides = new Map(rows?.map(row => [row.id, { left: row.from_side, right: row.to_side }]))
    return {
      left: { boundaryId: from.id, name: from.name },
      right: { boundaryId: to.id, name: to.name },
      flipped: (outlines ?? []).flatMap(({ id, geometry }) => {
        const side = sides.get(id)
        return side ? [{ geometry, ...side }] : []
      }),
    }
  }, [from, to, rows, outlines])
  useEffect(() => onCompare(compare), [onCompare, compare])
  useEffect(() => () => onCompare(null), [onCompare])

  const go = (by: number): void => {
    if (!rows || rows.length === 0) return
    const next = (at + by + rows.length) % rows.length
    setAt(next)
    const { id } = rows[next]!
    setUi({ selection: { entity: 'parcel', id }, flyTo: { parcelId: id } })
  }
  const options = versions.map(({ id, name, effective_date }) => ({ value: id, label: `${name} · ${effective_date}` }))
  const shown = rows?.[at]
  return (
    <section className="compare-bar" aria-label={t('viewing.compare.button')} data-testid="compare-bar">
      <Select
        value={from.id}
        options={options}
        popupMatchSelectWidth={false}
        aria-label={t('viewing.compare.left')}
        onChange={id => setUi({ compare: { from: id, to: to.id } })}
      />
      <SwapOutlined />
      <Select
        value={to.id}
        options={options}
        popupMatchSelectWidth={false}
        aria-label={t('viewing.compare.right')}
        onChange={id => setUi({ compare: { from: from.id, to: id } })}
      />
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      {job.result && (
        <span role="status">
          {shown
            ? t('viewing.compare.at', {
                at: at + 1,
                count: job.result.flipped,
                code: shown.code,
                from: term('side', shown.from_side),
                to: term('side', shown.to_side),
              })
            : job.result.flipped === 0
              ? t('viewing.compare.none')
              : t('viewing.compare.flipped', { count: job.result.flipped })}
          {job.result.flipped > job.result.rows.length &&
            ` ${t('viewing.compare.shown', { count: job.result.rows.length })}`}
        </span>
      )}
      {rows && rows.length > 0 && (
        <>
          <Button icon={<LeftOutlined />} aria-label={t('viewing.compare.previous')} onClick={() => go(-1)} />
          <Button icon={<RightOutlined />} aria-label={t('viewing.compare.next')} onClick={() => go(1)} />
        </>
      )}
      <Button
        type="text"
        icon={<CloseOutlined />}
        aria-label={t('viewing.compare.close')}
        title={`${t('viewing.compare.close')} (Esc)`}
        onClick={() => setUi({ compare: null })}
      />
    </section>
  )
}
