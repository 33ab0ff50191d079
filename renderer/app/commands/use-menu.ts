/** The application menu of the desktop window runs the same commands as keys and palette. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuCommand } from '../../../shared/contract/desktop.ts'
import { useNotify } from '../notify.ts'
import { useService } from '../service-context.ts'
import { useSurvey } from '../use-survey.ts'
import type { Command } from './command.ts'
import { runCommand } from './use-commands.ts'

const COMMAND_OF: Readonly<Record<MenuCommand, string>> = {
  'survey.new': 'survey.new',
  'survey.open': 'survey.open',
  'survey.demo': 'survey.demo',
  import: 'import.open',
  export: 'report.open',
  settings: 'page.settings',
  undo: 'undo',
  redo: 'redo',
  palette: 'palette',
  'help.about': 'about',
}

export function useMenu(commands: readonly Command[]): void {
  const { desktop } = useService()
  const { t } = useTranslation()
  const notify = useNotify()
  const isKnown = useSurvey() !== undefined
  const latest = useRef(commands)
  latest.current = commands
  useEffect(
    () =>
      // Before the survey is known no command can tell whether it may run; the preload script keeps what is chosen till then.
      !isKnown
        ? undefined
        : desktop?.onMenu(chosen => {
            // While somebody types, undo and redo mean the text, not the survey.
            if ((chosen === 'undo' || chosen === 'redo') && isTextFocused()) {
              document.execCommand(chosen)
              return
            }
            const command = latest.current.find(candidate => candidate.id === COMMAND_OF[chosen])
            if (command) runCommand(command, notify, t)
          }),
    [desktop, notify, t, isKnown],
  )
}

function isTextFocused(): boolean {
  const focused = document.activeElement
  return focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement
}
