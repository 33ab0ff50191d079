/** 企业清单台账 of a year and unit: one sheet, or three tables on paper. */
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LEDGER_FORMATS, type LedgerFormat } from '../../../shared/contract/zones.ts'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'

export function Ledger({ year, unit }: Readonly<{ year: number; unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [formats, setFormats] = useState<LedgerFormat[]>(['xlsx'])
  const job = useJob<{ files: string[]; seconds: number }>()
  const run = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.ledger({ out, formats, year, unit }, { signal }))
  }
  return (
    <section className="card" data-testid="ledger-report">
      <h2>{t('report.ledger')}</h2>
      <p className="muted">{t('report.ledger_hint', { year })}</p>
      <Checkbox.Group
        value={formats}
        options={LEDGER_FORMATS.map(format => ({ value: format, label: t(`report.format.${format}`) }))}
        onChange={values => setFormats(values as LedgerFormat[])}
      />
      <Button
        type="primary"
        disabled={formats.length === 0 || job.running}
        onClick={() => void run().catch(notify.error)}
      >
        {t('report.export_ledger')}
      </Button>
      <Outcome job={job} />
    </section>
  )
}
