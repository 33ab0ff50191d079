/** Reports and exports: choose what, in which formats, where to; progress; open what was made. */
import { Button, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { COMMON_CRS, resolveCrs } from '../../../shared/geometry/crs.ts'
import { ConflictNote } from '../../app/conflict-note.tsx'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { uiState } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'
import { crsLabel } from '../imports/crs-label.ts'
import { useZoneYear } from '../zones/use-zone-year.ts'
import { Ledger } from './ledger.tsx'
import { PeriodicReports } from './periodic-reports.tsx'
import { PlanSheets } from './plan-sheets.tsx'
import { Registers } from './registers.tsx'
import './reports.css'
import { today } from '../../app/format.ts'
import { ZoneReport } from './zone-report.tsx'

export function ReportsPage() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const [shownYear, setYear, isYearKnown] = useZoneYear(uiState().reportZones?.year)
  const [unit, setUnit] = useState<string | undefined>()
  if (!survey?.open) return null
  return (
    <div className="page">
      <ConflictNote />
      <div className="page-head">
        <h1 className="page-title">{t('page.reports')}</h1>
        <InputNumber
          value={shownYear}
          disabled={!isYearKnown}
          min={2000}
          max={2100}
          controls={false}
          className="year-input"
          aria-label={t('zone.year')}
          onChange={setYear}
        />
        <Select
          allowClear
          className="zone-unit"
          placeholder={t('zone.all_units')}
          value={unit}
          options={survey.units.map(entry => ({ value: entry.code, label: entry.name }))}
          onChange={setUnit}
        />
      </div>
      <div className="page-body page-pad report-cards">
        <ZoneReport year={shownYear} unit={unit} />
        <Ledger year={shownYear} unit={unit} />
        <PlanSheets year={shownYear} unit={unit} />
        <PeriodicReports year={shownYear} />
        <Registers unit={unit} />
        <Exports unit={unit} />
      </div>
    </div>
  )
}

function labelOfCrs(id: string): string {
  const crs = resolveCrs(id)
  return crs ? crsLabel(crs) : id
}

const EXPORT_KINDS = ['parcels', 'enterprises', 'zones'] as const
const FORMAT_NAMES: Readonly<Record<string, string>> = { geojson: 'GeoJSON', xlsx: 'Excel', csv: 'CSV' }
const EXTENSIONS = {
  parcels: ['geojson', 'xlsx', 'csv'],
  enterprises: ['xlsx', 'csv'],
  zones: ['geojson', 'xlsx'],
} as const

function Exports({ unit }: Readonly<{ unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [what, setWhat] = useState<(typeof EXPORT_KINDS)[number]>('parcels')
  const [extension, setExtension] = useState<string>('geojson')
  const [crs, setCrs] = useState('EPSG:4490')
  const job = useJob<{ file: string; written: number; seconds: number }>()
  const allowed: readonly string[] = EXTENSIONS[what]
  const chosen = allowed.includes(extension) ? extension : allowed[0]!
  const run = async (): Promise<void> => {
    const name = `${t(`report.what.${what}`)}_${today()}.${chosen}`
    const file = await files.target(t('report.export'), name, [
      { name: FORMAT_NAMES[chosen] ?? chosen, extensions: [chosen] },
    ])
    if (file) await job.start(signal => client.exports.run({ what, file, crs, unit }, { signal }))
  }
  return (
    <section className="card">
      <h2>{t('report.export')}</h2>
      <p className="muted">{t('report.export_hint')}</p>
      <div className="card-row">
        <Select
          value={what}
          aria-label={t('report.export')}
          options={EXPORT_KINDS.map(value => ({ value, label: t(`report.what.${value}`) }))}
          onChange={setWhat}
        />
        <Select
          value={chosen}
          aria-label={t('import.fact.format')}
          options={allowed.map(value => ({ value, label: FORMAT_NAMES[value] ?? value }))}
          onChange={setExtension}
        />
        {chosen === 'geojson' && (
          <Select
            className="crs-select"
            value={crs}
            aria-label={t('import.fact.crs')}
            options={COMMON_CRS.map(id => ({ value: id, label: labelOfCrs(id) }))}
            onChange={setCrs}
          />
        )}
      </div>
      <Button type="primary" disabled={job.running} onClick={() => void run().catch(notify.error)}>
        {t('report.export_button', { what: t(`report.what.${what}`) })}
      </Button>
      <Outcome
        job={{
          ...job,
          result: job.result
            ? { files: [job.result.file], seconds: job.result.seconds, written: job.result.written }
            : null,
        }}
      />
    </section>
  )
}
