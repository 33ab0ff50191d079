/** All areas of the zh catalogue: one file per area, so that areas can grow apart. */
import { plans } from './zh/plans.ts'
import { records } from './zh/records.ts'
import { shell } from './zh/shell.ts'

export const zh = { ...shell, ...records, ...plans }
