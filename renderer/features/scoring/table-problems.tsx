/** Rows of a table that were not taken over, with file, row and reason. */
import { Alert } from 'antd'
import { useTranslation } from 'react-i18next'
import type { TableProblem } from '../../../shared/contract/scoring.ts'
import { language } from '../../app/i18n/i18n.ts'

const SHOWN = 30

export function TableProblems({ file, problems }: Readonly<{ file: string; problems: readonly TableProblem[] }>) {
  const { t } = useTranslation()
  const text = (problem: TableProblem): string =>
    language() === 'zh' ? problem.message : t(`table_problem.${problem.code}`, problem.values)
  return (
    <Alert
      type="warning"
      showIcon
      className="rules-tried"
      title={t('table_problem.title', { file, count: problems.length })}
      description={
        <>
          {problems.slice(0, SHOWN).map((problem, index) => (
            // Two rows may have the same fault twice.
            // biome-ignore lint/suspicious/noArrayIndexKey: never reordered
            <div key={index}>
              {problem.row > 0 && `${t('table_problem.row', { row: problem.row })} `}
              {text(problem)}
            </div>
          ))}
          {problems.length > SHOWN && t('identify.more_rows', { count: problems.length - SHOWN })}
        </>
      }
    />
  )
}
