/** All areas of the zh catalogue: one file per area, so that areas can grow apart. */
import { basemaps } from './zh/basemaps.ts'
import { books } from './zh/books.ts'
import { boundaries } from './zh/boundaries.ts'
import { dashboard } from './zh/dashboard.ts'
import { freed } from './zh/freed.ts'
import { gnss } from './zh/gnss.ts'
import { identify } from './zh/identify.ts'
import { imports } from './zh/imports.ts'
import { loop } from './zh/loop.ts'
import { online } from './zh/online.ts'
import { photos } from './zh/photos.ts'
import { plans } from './zh/plans.ts'
import { reasons } from './zh/reasons.ts'
import { records } from './zh/records.ts'
import { reports } from './zh/reports.ts'
import { scoring } from './zh/scoring.ts'
import { settings } from './zh/settings.ts'
import { shell } from './zh/shell.ts'
import { sync } from './zh/sync.ts'
import { todo } from './zh/todo.ts'
import { viewing } from './zh/viewing.ts'
import { visits } from './zh/visits.ts'
import { zones } from './zh/zones.ts'

export const zh = {
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
