/** One register as Excel, PDF or Word, of all units or of one. */
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegisterKind } from '../../../shared/contract/registers.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { useJob } from '../../ui/use-job.ts'

const FORMATS = [
  { value: 'xlsx', label: 'Excel' },
  { value: 'pdf', label: 'PDF' },
  { value: 'docx', label: 'Word' },
] as const

export function ExportRegister({
  kind,
  unit,
  onUnit,
}: Readonly<{ kind: RegisterKind; unit: string | undefined; onUnit: (unit: string | undefined) => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const job = useJob<{ files: string[]; rows: number; seconds: number }>()
  const [format, setFormat] = useState<(typeof FORMATS)[number]['value']>('xlsx')
  const write = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    const result = await job.start(signal =>
      client.reports.register({ kind, unit, out, formats: [format] }, { signal }),
    )
    const [file] = result?.files ?? []
    if (file === undefined) return
    notify.success(t('books.written', { file: fileName(file) }))
    await files.open(file)
  }
  return (
    <>
      <Select
        allowClear
        className="filter-select"
        value={unit}
        placeholder={t('zone.all_units')}
        aria-label={t('status.unit')}
        options={survey?.units.map(({ code, name }) => ({ value: code, label: unitNames.get(code) ?? name }))}
        onChange={value => onUnit(value)}
      />
      <Select value={format} aria-label={t('books.format')} options={[...FORMATS]} onChange={setFormat} />
      <Button loading={job.running} onClick={() => void write().catch(notify.error)}>
        {t('books.export')}
      </Button>
    </>
  )
}
