/** The application's commands with their present state, and the keyboard that runs them. */

import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { mayCall, type Role } from '../../../shared/rules/roles/roles.ts'
import { closeLastPanel } from '../escape.ts'
import { wordList } from '../format.ts'
import { editLabel, language, setLanguage } from '../i18n/i18n.ts'
import { useNotify } from '../notify.ts'
import { flushAll, tracked } from '../save-state.ts'
import { useService } from '../service-context.ts'
import { useSurveyFiles } from '../survey-files.ts'
import { openRecord, PAGES, setUi, uiState, useUi } from '../ui-store.ts'
import { useSurvey } from '../use-survey.ts'
import { useToolBlocks } from '../use-tool-blocks.ts'
import { type Command, isTyping, matchesKeys } from './command.ts'
import { openGnss, wishGnssCorner } from './gnss-commands.ts'
import { toolCommands } from './tool-commands.ts'

export function useCommands(): readonly Command[] {
  const { client, desktop } = useService()
  const surveys = useSurveyFiles()
  const survey = useSurvey()
  const selection = useUi(state => state.selection)
  const tableOpen = useUi(state => state.tableOpen)
  const { t } = useTranslation()
  const notify = useNotify()
  const blocks = useToolBlocks()
  const undo = useQuery({
    queryKey: ['edits', 'state'],
    queryFn: () => client.edits.state(),
    enabled: survey?.open === true,
  }).data

  return useMemo(() => {
    const noSurvey = survey?.open ? false : 'no_survey'
    const parcelId = selection?.entity === 'parcel' ? selection.id : undefined
    const enterpriseId = selection?.entity === 'enterprise' ? selection.id : undefined
    const noParcel = noSurvey || (parcelId ? false : 'no_parcel')
    const role = survey?.profile.role as Role | undefined
    const barred = (area: string, name: string) => (role && !mayCall(role, area, name) ? 'read_only' : false)
    const noMark = noParcel || barred('parcels', 'markSide')

    const mark = (side: 'inside' | 'outside' | 'crossing') => async (): Promise<void> => {
      const { record } = await client.parcels.detail({ id: parcelId! })
      try {
        await tracked(() =>
          client.parcels.markSide({ id: parcelId!, base_rev: Number(record['rev']), side, reason: null, note: null }),
        )
      } catch (error) {
        // A mark that differs needs a reason: the panel asks for it.
        document.dispatchEvent(new CustomEvent('lowland-mark', { detail: { side } }))
        notify.error(error)
      }
    }
    const step = (kind: 'undo' | 'redo') => async (): Promise<void> => {
      flushAll()
      const result = await tracked(() => client.edits[kind]())
      if (result.done)
        notify.success(
          t(kind === 'undo' ? 'undo.done' : 'undo.redone', { step: editLabel(result.done.label, result.done.values) }),
        )
      else if (result.skipped.length === 0) notify.info(t(`disabled.nothing_to_${kind}`))
      if (result.skipped.length > 0) notify.info(t('undo.skipped', { fields: wordList(result.skipped) }))
    }
    const undoStep = undo?.undo ? editLabel(undo.undo.label, undo.undo.values) : ''
    const redoStep = undo?.redo ? editLabel(undo.redo.label, undo.redo.values) : ''

    const commands: Command[] = [
      ...toolCommands(blocks),
      { id: 'mark.inside', keys: ['1'], disabled: noMark, run: mark('inside') },
      { id: 'mark.outside', keys: ['2'], disabled: noMark, run: mark('outside') },
      { id: 'mark.crossing', keys: ['3'], disabled: noMark, run: mark('crossing') },
      {
        id: 'undo',
        keys: ['Mod+Z'],
        title: undoStep ? t('undo.undo_step', { step: undoStep }) : undefined,
        disabled: barred('edits', 'undo') || (undo?.undo ? false : 'nothing_to_undo'),
        asksService: true,
        run: step('undo'),
      },
      {
        id: 'redo',
        keys: ['Mod+Y', 'Mod+Shift+Z'],
        title: redoStep ? t('undo.redo_step', { step: redoStep }) : undefined,
        disabled: barred('edits', 'redo') || (undo?.redo ? false : 'nothing_to_redo'),
        asksService: true,
        run: step('redo'),
      },
      {
        id: 'place.goto',
        keys: ['Mod+G'],
        inFields: true,
        run: () => document.querySelector<HTMLInputElement>('#search-box')?.focus(),
      },
      {
        id: 'map.print',
        keys: ['Mod+Shift+M'],
        disabled: noSurvey,
        run: () => setUi({ page: 'map', printOpen: true }),
      },
      {
        id: 'boundaries.compare',
        disabled: noSurvey,
        run: () => setUi({ page: 'map', compare: { from: '', to: '' } }),
      },
      { id: 'bookmarks.open', keys: ['K'], disabled: noSurvey, run: () => setUi({ page: 'map', bookmarksOpen: true }) },
      { id: 'gnss.open', keys: ['I'], disabled: noSurvey, run: openGnss },
      { id: 'gnss.corner', keys: ['J'], disabled: noSurvey, run: wishGnssCorner },
      { id: 'search', keys: ['/'], run: () => document.querySelector<HTMLInputElement>('#search-box')?.focus() },
      {
        id: 'palette',
        keys: ['Mod+K', 'Mod+Shift+P'],
        inFields: true,
        listed: false,
        run: () => setUi({ paletteOpen: true }),
      },
      { id: 'shortcuts', keys: ['?'], run: () => setUi({ shortcutsOpen: true }) },
      { id: 'table.toggle', keys: ['T'], disabled: noSurvey, run: () => setUi({ page: 'map', tableOpen: !tableOpen }) },
      {
        id: 'zoom.all',
        keys: ['Home'],
        disabled: survey?.extent ? false : 'not_here',
        run: () => setUi({ page: 'map', flyTo: survey?.extent ? { box: survey.extent } : null }),
      },
      {
        id: 'plan.new',
        keys: ['N'],
        disabled: noSurvey || barred('plans', 'draft') || (enterpriseId ? false : 'no_enterprise'),
        run: async () => {
          const plan = await tracked(() => client.plans.draft({ enterprise_id: enterpriseId! }))
          openRecord({ entity: 'plan', id: plan.id }, 'plans')
        },
      },
      {
        id: 'visit.new',
        keys: ['V'],
        disabled: noParcel,
        run: () => setUi({ selection: { entity: 'parcel', id: parcelId! }, panelTab: 'visits' }),
      },
      { id: 'import.open', keys: ['Mod+I'], disabled: noSurvey, run: () => setUi({ page: 'data' }) },
      { id: 'zones.open', disabled: noSurvey, run: () => setUi({ page: 'zones' }) },
      { id: 'report.open', keys: ['Mod+P'], disabled: noSurvey, run: () => setUi({ page: 'reports' }) },
      // The browser has no dialog for files of this computer: its page of settings does it.
      {
        id: 'survey.new',
        run: () => (desktop ? surveys.create('', 'lanxi-2021-2023') : setUi({ page: 'settings' })),
      },
      { id: 'survey.open', run: () => (desktop ? surveys.choose() : setUi({ page: 'settings' })) },
      { id: 'survey.demo', run: surveys.demo },
      { id: 'about', run: () => notify.info(`Lowland ${survey?.app_version ?? ''} · Apache-2.0`) },
      { id: 'language.toggle', run: () => setLanguage(language() === 'zh' ? 'en' : 'zh') },
      ...PAGES.map(
        (page, index): Command => ({
          id: `page.${page}`,
          title: t('command.page', { page: t(`page.${page}`) }),
          // Ten digits: the pages after them are in the palette and on the rail.
          ...(index < 10 ? { keys: [`Alt+${(index + 1) % 10}`] } : {}),
          run: () => setUi({ page }),
        }),
      ),
      {
        id: 'cancel',
        keys: ['Escape'],
        listed: false,
        run: () => {
          const { tool, bookmarksOpen, compare } = uiState()
          if (bookmarksOpen) setUi({ bookmarksOpen: false })
          else if (tool !== 'select') setUi({ tool: 'select' })
          else if (compare) setUi({ compare: null })
          else closeLastPanel()
        },
      },
    ]
    return commands
  }, [client, desktop, surveys, survey, selection, tableOpen, undo, blocks, t, notify])
}

/** Runs commands by their keys; nothing runs while somebody types or composes, except commands meant for that. */
export function useShortcuts(commands: readonly Command[]): void {
  const latest = useRef(commands)
  latest.current = commands
  const notify = useNotify()
  const { t } = useTranslation()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return
      const command = latest.current.find(candidate => candidate.keys?.some(keys => matchesKeys(event, keys)))
      if (
        !command ||
        (isTyping(event) && !command.inFields) ||
        document.querySelector('.ant-modal-wrap:not([style*="none"])')
      )
        return
      event.preventDefault()
      runCommand(command, notify, t)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [notify, t])
}

/** Runs a command chosen by key or menu, or says why it cannot be run now. */
export function runCommand(command: Command, notify: ReturnType<typeof useNotify>, t: (key: string) => string): void {
  if (command.disabled && !command.asksService) notify.info(t(`disabled.${command.disabled}`))
  else void Promise.resolve(command.run()).catch(notify.error)
}

export function commandTitle(command: Command, t: (key: string) => string): string {
  return command.title ?? t(command.label ?? `command.${command.id}`)
}
