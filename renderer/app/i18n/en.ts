/** All areas of the en catalogue: one file per area, so that areas can grow apart. */
import { basemaps } from './en/basemaps.ts'
import { books } from './en/books.ts'
import { boundaries } from './en/boundaries.ts'
import { dashboard } from './en/dashboard.ts'
import { freed } from './en/freed.ts'
import { gnss } from './en/gnss.ts'
import { identify } from './en/identify.ts'
import { imports } from './en/imports.ts'
import { loop } from './en/loop.ts'
import { online } from './en/online.ts'
import { photos } from './en/photos.ts'
import { plans } from './en/plans.ts'
import { reasons } from './en/reasons.ts'
import { records } from './en/records.ts'
import { reports } from './en/reports.ts'
import { scoring } from './en/scoring.ts'
import { settings } from './en/settings.ts'
import { shell } from './en/shell.ts'
import { sync } from './en/sync.ts'
import { todo } from './en/todo.ts'
import { viewing } from './en/viewing.ts'
import { visits } from './en/visits.ts'
import { zones } from './en/zones.ts'

export const en = {
  ...basemaps,
  ...books,
  ...boundaries,
  ...dashboard,
  ...freed,
  ...gnss,
  ...identify,
  ...imports,
  ...loop,
  ...online,
  ...photos,
  ...plans,
  ...reasons,
  ...records,
  ...reports,
  ...scoring,
  ...settings,
  ...shell,
  ...sync,
  ...todo,
  ...viewing,
  ...visits,
  ...zones,
}
