/** Opening, making and restarting surveys: the same steps for the settings page, the commands and the menu. */
import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFiles } from './files.ts'
import { useNotify } from './notify.ts'
import { useService } from './service-context.ts'
import { setUi } from './ui-store.ts'

export type SurveyTemplate = 'lanxi-2021-2023' | 'blank'

export const SURVEY_FILTER = { name: 'Lowland', extensions: ['lowland'] }

export interface SurveyFiles {
  /** Waits for work that changes the open survey, then forgets everything that was asked of the one before. */
  opened(work: Promise<unknown>): Promise<void>
  /** Asks where to, then makes and opens a survey; nothing when the person gives up. */
  create(name: string, template: SurveyTemplate): Promise<void>
  choose(): Promise<void>
  /** Opens a fresh demo after asking, since what was tried out in the last one is dropped. */
  demo(): Promise<void>
}

export function useSurveyFiles(): SurveyFiles {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const queries = useQueryClient()
  const { modal } = App.useApp()
  return useMemo(() => {
    const opened = async (work: Promise<unknown>): Promise<void> => {
      await work
      setUi({ selection: null, filter: {}, previewKey: null })
      await queries.invalidateQueries()
    }
    return {
      opened,
      create: async (name, template) => {
        const file = await files.target(t('settings.new'), `${name.trim() || t('settings.default_name')}.lowland`, [
          SURVEY_FILTER,
        ])
        if (!file) return
        await opened(client.survey.create({ file, campaign: template, name: name.trim() || undefined }))
        notify.success(t('settings.created'))
      },
      choose: async () => {
        const file = await files.choose(t('settings.open'), [SURVEY_FILTER])
        if (file) await opened(client.survey.open({ file }))
      },
      demo: async () => {
        const confirmed = await modal.confirm({
          title: t('settings.demo_confirm'),
          okText: t('settings.demo'),
          cancelText: t('action.cancel'),
        })
        if (confirmed) await opened(client.survey.openDemo({ fresh: true }))
      },
    }
  }, [t, client, files, notify, queries, modal])
}
