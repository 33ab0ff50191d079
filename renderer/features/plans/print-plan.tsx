/** Prints the plan sheet of one plan, as it will be signed: PDF and Word. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'

export function usePrintPlan(planId: string) {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const job = useJob<{ files: string[]; seconds: number }>()
  const run = async (): Promise<void> => {
    flushAll()
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.plan({ out, plan_ids: [planId] }, { signal }))
  }
  return {
    button: (
      <Button disabled={job.running} onClick={() => void run().catch(notify.error)}>
        {t('plan.print')}
      </Button>
    ),
    outcome: <Outcome job={job} />,
  }
}
