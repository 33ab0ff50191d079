/** All areas of the en catalogue: one file per area, so that areas can grow apart. */
import { plans } from './en/plans.ts'
import { records } from './en/records.ts'
import { shell } from './en/shell.ts'

export const en = { ...shell, ...records, ...plans }
