/** The terminal's commands (DESIGN §10): words and options in, contract calls, one JSON object out. */
import { analysisCommands } from './analysis-commands.ts'
import type { Command, StandaloneCommand } from './command.ts'
import { dashboardCommands } from './dashboard-commands.ts'
import { editCommands } from './edit-commands.ts'
import { exportCommands } from './export-commands.ts'
import { freedCommands } from './freed-commands.ts'
import { hubCommands } from './hub-commands.ts'
import { importCommands } from './import-commands.ts'
import { loopCommands } from './loop-commands.ts'
import { mapSheetCommand } from './map-sheet-command.ts'
import { periodicCommands } from './periodic-commands.ts'
import { photoCommands } from './photo-commands.ts'
import { recordCommands } from './record-commands.ts'
import { registerCommands } from './register-commands.ts'
import { reportCommands } from './report-commands.ts'
import { ruleCommands } from './rule-commands.ts'
import { surveyCommands } from './survey-commands.ts'
import { bundleCommands, syncCommands } from './sync-commands.ts'

/** In the order of the help text. */
export const COMMANDS: readonly Command[] = [
  ...surveyCommands,
  ...importCommands,
  ...analysisCommands,
  ...ruleCommands,
  ...reportCommands,
  ...periodicCommands,
  ...dashboardCommands,
  ...registerCommands,
  mapSheetCommand,
  ...exportCommands,
  ...recordCommands,
  ...editCommands,
  ...photoCommands,
  ...loopCommands,
  ...freedCommands,
  ...syncCommands,
  ...bundleCommands,
]

export const STANDALONE_COMMANDS: readonly StandaloneCommand[] = hubCommands
