/** Prints the plan sheets of plans, as they will be signed: PDF and Word; several become one PDF and a Word file each. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'

export function usePrintPlan(planIds: readonly string[]) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const job = useJob<{ files: string[]; seconds: number }>()
  const run = async (formats: ('pdf' | 'docx')[]): Promise<void> => {
    flushAll()
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.plan({ out, formats, plan_ids: [...planIds] }, { signal }))
  }
  return {
    run: (formats: ('pdf' | 'docx')[]) => void run(formats).catch(notify.error),
    running: job.running,
    button: (
      <Button disabled={job.running} onClick={() => void run(['pdf', 'docx']).catch(notify.error)}>
        {t('plan.print')}
      </Button>
    ),
    outcome: <Outcome job={job} />,
  }
}
