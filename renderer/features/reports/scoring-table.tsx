/** 考核评分表 of the year: taken from Excel, or written to be filled in; rows that cannot be used are named, nothing is half taken. */
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TableProblem } from '../../../shared/contract/scoring.ts'
import { mayCall, type Role } from '../../../shared/rules/roles/roles.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { TableProblems } from '../scoring/table-problems.tsx'

const SHEETS = [{ name: 'Excel', extensions: ['xlsx'] }]

export function ScoringTable({ year }: Readonly<{ year: number }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const files = useFiles()
  const notify = useNotify()
  const [bad, setBad] = useState<{ file: string; problems: TableProblem[] } | null>(null)
  const mayImport = mayCall((survey?.profile.role ?? 'leader') as Role, 'reports', 'importAssessment')
  const take = async (): Promise<void> => {
    const file = await files.choose(t('report.scoring_table', { year }), SHEETS)
    if (file === null) return
    const look = await client.reports.importAssessment({ file, year, dry_run: true })
    setBad(look.problems.length > 0 ? { file: fileName(file), problems: look.problems } : null)
    if (look.problems.length > 0) return
    const made = await client.reports.importAssessment({ file, year })
    notify.success(t('report.scoring_saved', { count: made.items, version: made.version ?? 1 }))
  }
  const write = async (): Promise<void> => {
    const target = await files.target(t('report.scoring_form'), `${year}年考核评分表.xlsx`, [SHEETS[0]!])
    if (target === null) return
    const { file } = await client.reports.assessmentTable({ year, file: target })
    await files.open(file)
  }
  return (
    <>
      <div className="card-row">
        <Button disabled={!mayImport} onClick={() => void take().catch(notify.error)}>
          {t('report.scoring_table', { year })}
        </Button>
        <Button onClick={() => void write().catch(notify.error)}>{t('report.scoring_form')}</Button>
      </div>
      {bad && <TableProblems file={bad.file} problems={bad.problems} />}
    </>
  )
}
