/** What became of work that makes files: progress with cancel, then each file to open or to download. */
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { fileName, useFiles } from '../app/files.ts'
import { formatNumber } from '../app/format.ts'
import { useNotify } from '../app/notify.ts'
import { JobProgress } from './job-progress.tsx'

/** Stays visible where a long name is cut off: files of one report differ in nothing else. */
const EXTENSION = /\.[a-z]+$/i

/** Work that makes files. */
export interface OutcomeJob {
  running: boolean
  progress: Parameters<typeof JobProgress>[0]['progress']
  result: { files: readonly string[]; seconds: number; written?: number } | null
  cancel(): void
}

/** Progress while it runs, then the files that were made. */
export function Outcome({ job }: Readonly<{ job: OutcomeJob }>) {
  const { t } = useTranslation()
  const files = useFiles()
  const notify = useNotify()
  if (job.running) return <JobProgress progress={job.progress} onCancel={job.cancel} />
  if (!job.result) return null
  return (
    <div className="made" data-testid="made-files">
      <div className="muted">
        {t('report.made', {
          count: job.result.written ?? job.result.files.length,
          seconds: formatNumber(job.result.seconds, 1),
        })}
      </div>
      {job.result.files.map(file => (
        <div key={file} className="made-file">
          <span className="ellipsis" title={file}>
            {fileName(file).replace(EXTENSION, '')}
          </span>
          <span className="made-extension">{EXTENSION.exec(fileName(file))?.[0]}</span>
          <Button type="link" onClick={() => void files.open(file).catch(notify.error)}>
            {t(files.desktop ? 'action.open' : 'action.download')}
          </Button>
          {files.desktop && (
            <Button type="link" onClick={() => void files.reveal(file).catch(notify.error)}>
              {t('action.show_in_folder')}
            </Button>
          )}
        </div>
      ))}
    </div>
  )
}
