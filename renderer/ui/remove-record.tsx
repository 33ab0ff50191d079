/** Removes one record after asking; it is one step of undo, and the notice says so. */
import { App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../shared/model/entity.ts'
import { mayWriteRecord, type Person } from '../../shared/rules/roles/roles.ts'
import { entityLabel } from '../app/i18n/i18n.ts'
import { useNotify } from '../app/notify.ts'
import { removeRecord } from '../app/remove-record.ts'
import { flushAll } from '../app/save-state.ts'
import { useService } from '../app/service-context.ts'
import { useSurvey } from '../app/use-survey.ts'

export function RemoveRecord({ entity, id, name }: Readonly<{ entity: EntityName; id: string; name: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { modal } = App.useApp()
  const notify = useNotify()
  const survey = useSurvey()
  const barred = survey ? mayWriteRecord(survey.profile as Person, entity) : null
  const what = t('common.remove', { entity: entityLabel(entity) })
  const remove = async (): Promise<void> => {
    flushAll()
    const confirmed = await modal.confirm({
      title: t('common.remove_confirm', { entity: entityLabel(entity), name }),
      content: t('common.remove_effect'),
      okText: what,
      okButtonProps: { danger: true },
      cancelText: t('action.cancel'),
    })
    if (!confirmed) return
    await removeRecord(client, entity, id)
    notify.success(t('common.removed', { name }))
  }
  return (
    <Button
      danger
      size="small"
      disabled={barred !== null}
      title={barred === null ? undefined : t(`reason.role_${barred}`)}
      onClick={() => void remove().catch(notify.error)}
    >
      {what}
    </Button>
  )
}
