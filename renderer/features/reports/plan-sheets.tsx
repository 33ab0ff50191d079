/** 一企一策方案表 of a year and unit: one PDF with all, one Word file per enterprise. */
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'

const FORMATS = ['pdf', 'docx'] as const
type Format = (typeof FORMATS)[number]

export function PlanSheets({ year, unit }: Readonly<{ year: number; unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [formats, setFormats] = useState<Format[]>(['pdf'])
  const job = useJob<{ files: string[]; seconds: number }>()
  const run = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.plan({ out, formats, year, unit }, { signal }))
  }
  return (
    <section className="card">
      <h2>{t('report.plan_sheets')}</h2>
      <p className="muted">{t('report.plan_sheets_hint', { year })}</p>
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
        {t('report.export_plan_sheets')}
      </Button>
      <Outcome job={job} />
    </section>
  )
}
