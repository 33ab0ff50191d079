/** The registers of land, checks and imports: choose one, see how much is in it and what is doubtful, write it. */
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  REGISTER_FORMATS,
  REGISTER_KINDS,
  type RegisterFormat,
  type RegisterKind,
  SHEET_FIRST,
} from '../../../shared/contract/registers.ts'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'
import { Cautions } from './cautions.tsx'

export function Registers({ unit }: Readonly<{ unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [kind, setKind] = useState<RegisterKind>('crossing')
  const [formats, setFormats] = useState<RegisterFormat[]>([...REGISTER_FORMATS])
  const job = useJob<{ files: string[]; seconds: number }>()
  const { data: check } = useQuery({
    queryKey: ['loop', 'register-check', kind, unit],
    queryFn: () => client.reports.registerCheck({ kind, unit }),
  })
  const run = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.register({ kind, unit, out, formats }, { signal }))
  }
  return (
    <section className="card" data-testid="registers">
      <h2>{t('report.registers')}</h2>
      <p className="muted">{t('report.registers_hint')}</p>
      <Select
        value={kind}
        aria-label={t('report.registers')}
        options={REGISTER_KINDS.map(value => ({ value, label: t(`report.register.${value}`) }))}
        onChange={value => {
          setKind(value)
          if (SHEET_FIRST.has(value)) setFormats(['xlsx'])
          job.reset()
        }}
      />
      {check && <p className="muted">{t('report.register_rows', { count: check.rows })}</p>}
      {check && <Cautions list={check.cautions} />}
      <Checkbox.Group
        value={formats}
        options={REGISTER_FORMATS.map(format => ({ value: format, label: t(`report.format.${format}`) }))}
        onChange={values => setFormats(values as RegisterFormat[])}
      />
      <Button
        type="primary"
        disabled={formats.length === 0 || job.running}
        onClick={() => void run().catch(notify.error)}
      >
        {t('report.export_button', { what: t(`report.register.${kind}`) })}
      </Button>
      <Outcome job={job} />
    </section>
  )
}
