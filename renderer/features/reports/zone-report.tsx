/** The zone report: which zones, in which formats; what makes its figures doubtful is said before and after it is made. */
import './reports.css'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ZONE_REPORT_FORMATS, type ZoneReportWarning } from '../../../shared/contract/zone-report.ts'
import { useFiles } from '../../app/files.ts'
import { formatNumber } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, uiState } from '../../app/ui-store.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'
import { ZoneWarnings } from './zone-warnings.tsx'

type Format = (typeof ZONE_REPORT_FORMATS)[number]
interface Made {
  files: string[]
  seconds: number
  warnings: ZoneReportWarning[]
}
/** What a GeoPackage can say, the usual one first. */
const MAP_CRS = ['EPSG:4490', 'EPSG:4549', 'EPSG:4528'] as const

export function ZoneReport({ year, unit }: Readonly<{ year: number; unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [formats, setFormats] = useState<Format[]>([...ZONE_REPORT_FORMATS])
  const [crs, setCrs] = useState<string>(MAP_CRS[0])
  const [chosen, setZoneIds] = useState<string[]>(() => [...(uiState().reportZones?.ids ?? [])])
  // The wish of the page that led here holds once.
  useEffect(() => setUi({ reportZones: null }), [])
  const job = useJob<Made>()
  const { data: zones } = useQuery({
    queryKey: ['zones', 'list', year, unit],
    queryFn: () => client.zones.list({ year, unit }),
  })
  // Zones of another year or unit stay chosen in the list but are no longer part of this report.
  const zoneIds = chosen.filter(id => zones?.some(zone => zone.id === id))
  const filter = { year, unit, zone_ids: zoneIds.length > 0 ? zoneIds : undefined }
  const { data: check } = useQuery({
    queryKey: ['zones', 'report-check', year, unit, ...zoneIds],
    queryFn: () => client.reports.zonesCheck(filter),
  })
  const run = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.zones({ ...filter, out, formats, crs }, { signal }))
  }
  const isEmpty = zones?.length === 0
  const hasMap = formats.includes('geojson') || formats.includes('gpkg')
  return (
    <section className="card">
      <h2>{t('report.zones')}</h2>
      <p className="muted">
        {check && check.zones > 0
          ? t('report.zones_check', {
              year,
              count: check.zones,
              parcels: check.parcels,
              area: formatNumber(check.area_mu, 2),
            })
          : t('report.zones_hint', { count: zones?.length ?? 0, year })}
      </p>
      <Select
        mode="multiple"
        allowClear
        maxTagCount={3}
        className="report-zones"
        placeholder={t('report.all_zones')}
        aria-label={t('report.all_zones')}
        value={zoneIds}
        options={zones?.map(zone => ({ value: zone.id, label: `${zone.code} ${zone.name}` })) ?? []}
        onChange={setZoneIds}
      />
      <Checkbox.Group
        value={formats}
        options={ZONE_REPORT_FORMATS.map(format => ({ value: format, label: t(`report.format.${format}`) }))}
        onChange={values => setFormats(values as Format[])}
      />
      {hasMap && (
        <div className="card-row">
          <span className="muted">{t('report.map_crs')}</span>
          <Select
            className="crs-select"
            value={crs}
            aria-label={t('report.map_crs')}
            options={MAP_CRS.map(id => ({ value: id, label: t(`report.crs.${id.replace(':', '_')}`) }))}
            onChange={setCrs}
          />
        </div>
      )}
      <ZoneWarnings list={check?.warnings ?? []} />
      {isEmpty ? (
        <div>
          <span className="muted">{t('zone.none', { year })} </span>
          <Button onClick={() => setUi({ page: 'zones' })}>{t('command.zones.open')}</Button>
        </div>
      ) : (
        <Button
          type="primary"
          disabled={formats.length === 0 || job.running}
          onClick={() => void run().catch(notify.error)}
        >
          {t('report.export_zones')}
        </Button>
      )}
      <Outcome job={job} />
    </section>
  )
}
