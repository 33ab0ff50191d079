/** 月报表, 季度通报 and 年度考核表: choose the period and the formats; the figures are those of the list. */
import { Button, Checkbox, InputNumber, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useJob } from '../../ui/use-job.ts'

const KINDS = ['monthly', 'quarterly', 'annual'] as const
const FORMATS = ['pdf', 'docx', 'xlsx'] as const
type Kind = (typeof KINDS)[number]
type Format = (typeof FORMATS)[number]

interface Made {
  files: string[]
  seconds: number
}

interface PeriodicProps {
  year: number
  outcome: (job: ReturnType<typeof useJob<Made>>) => ReactNode
}

export function PeriodicReports({ year, outcome }: Readonly<PeriodicProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [kind, setKind] = useState<Kind>('monthly')
  const [month, setMonth] = useState(() => new Date().getMonth() || 12)
  const [formats, setFormats] = useState<Format[]>([...FORMATS])
  const job = useJob<Made>()
  const run = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.periodic({ kind, out, formats, year, month }, { signal }))
  }
  return (
    <section className="card">
      <h2>{t('report.periodic')}</h2>
      <p className="muted">{t('report.periodic_hint')}</p>
      <div className="card-row">
        <Segmented
          value={kind}
          options={KINDS.map(value => ({ value, label: t(`report.kind.${value}`) }))}
          onChange={setKind}
        />
        {kind !== 'annual' && (
          <InputNumber
            min={1}
            max={12}
            value={month}
            controls={false}
            className="year-input"
            suffix={t('report.month')}
            aria-label={t('report.month')}
            onChange={value => setMonth(value ?? month)}
          />
        )}
      </div>
      {kind === 'quarterly' && <p className="muted">{t('report.quarter', { year, quarter: Math.ceil(month / 3) })}</p>}
      <Checkbox.Group
        value={formats}
        options={FORMATS.map(format => ({ value: format, label: t(`report.format.${format}`) }))}
        onChange={values => setFormats(values as Format[])}
      />
      <Button
        type="primary"
        disabled={formats.length === 0 || job.running}
        onClick={() => void run().catch(notify.error)}
      >
        {t('report.export_periodic', { kind: t(`report.kind.${kind}`) })}
      </Button>
      {outcome(job)}
    </section>
  )
}
