/** Publishing cannot be taken back: what it would freeze, what differs from what stands, and the reason are shown first. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Input, Modal, Spin } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PeriodicInput } from '../../../shared/report/periods.ts'
import { errorMessage } from '../../app/errors.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { Cautions } from './cautions.tsx'
import { DifferenceTable } from './difference-table.tsx'
import { periodWords } from './period-words.ts'

export function PublishDialog({ asked, onClose }: Readonly<{ asked: PeriodicInput; onClose: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const [reason, setReason] = useState('')
  const [isBusy, setBusy] = useState(false)
  const { data: check, error } = useQuery({
    queryKey: ['loop', 'publish-check', asked.kind, asked.year, asked.month],
    queryFn: () => client.reports.publishCheck(asked),
    gcTime: 0,
  })
  const isRevision = check?.latest != null
  const publish = async (): Promise<void> => {
    setBusy(true)
    try {
      const made = await client.reports.publish({ ...asked, ...(reason.trim() ? { reason: reason.trim() } : {}) })
      notify.success(t('report.published_now', { title: made.title, revision: made.revision }))
      onClose()
    } catch (failure) {
      notify.error(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Modal
      open
      width={720}
      title={check?.title ?? t('report.publish_ok')}
      okText={t(isRevision ? 'report.publish_revision' : 'report.publish_ok', {
        revision: (check?.latest?.revision ?? 0) + 1,
      })}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !check || check.problem !== null || (isRevision && reason.trim() === '') }}
      confirmLoading={isBusy}
      onOk={() => void publish()}
      onCancel={onClose}
    >
      {error ? (
        <Alert type="error" title={errorMessage(error)} />
      ) : !check ? (
        <Spin />
      ) : (
        <div className="publish-dialog">
          <p>{t(isRevision ? 'report.revise_hint' : 'report.publish_hint')}</p>
          {check.problem !== null && (
            <Alert
              type="info"
              title={t(`reason.${check.problem}`, {
                period: periodWords(t, asked),
                revision: check.latest?.revision ?? 0,
              })}
            />
          )}
          <Cautions list={check.cautions} />
          {check.differences.length > 0 && (
            <>
              <h3>{t('report.difference.title', { count: check.differences.length })}</h3>
              <DifferenceTable list={check.differences} />
            </>
          )}
          {isRevision && check.problem === null && (
            <Input.TextArea
              autoFocus
              rows={2}
              maxLength={1000}
              value={reason}
              placeholder={t('report.revision_reason')}
              aria-label={t('report.revision_reason')}
              onChange={event => setReason(event.target.value)}
            />
          )}
        </div>
      )}
    </Modal>
  )
}
