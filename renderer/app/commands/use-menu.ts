/** The application menu of the desktop window runs the same commands as keys and palette. */
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { MenuCommand } from '../../../shared/contract/desktop.ts'
import { useNotify } from '../notify.ts'
import { useService } from '../service-context.ts'
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
  const latest = useRef(commands)
  latest.current = commands
  useEffect(
    () =>
      desktop?.onMenu(chosen => {
        // While somebody types, undo and redo mean the text, not the survey.
        if ((chosen === 'undo' || chosen === 'redo') && isTextFocused()) {
          document.execCommand(chosen)
          return
        }
        const command = latest.current.find(candidate => candidate.id === COMMAND_OF[chosen])
        if (command) runCommand(command, notify, t)
      }),
    [desktop, notify, t],
  )
}

function isTextFocused(): boolean {
  const focused = document.activeElement
  return focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement
}
