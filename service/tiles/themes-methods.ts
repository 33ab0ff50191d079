/** Counts behind the legend: one read for all codes of a theme. */
import type { ThemeName } from '../../shared/contract/themes.ts'
import { CLASS_CODES, FREED_CODES, TAX_CODES, YEAR_CODES } from '../../shared/tiles/tile-values.ts'
import type { Db } from '../db/open.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { parcelCondition } from '../parcels/parcels-repo.ts'
import { ratingsByParcel, UNRATED } from './ratings.ts'

interface ThemeCount {
  code: string
  count: number
  area_m2: number
}

const COLUMNS = { side: "coalesce(p.side, 'unknown')", state: "coalesce(p.state, '')", unit: "coalesce(p.unit, '')" }

export function themesMethods(deps: ServiceDeps) {
  return {
    counts: os.themes.counts.handler(({ input }) => {
      const { where, parameters } = parcelCondition(deps.store().read, input.filter)
      return countsOf(deps.store().read, input.theme, where, parameters)
    }),
  }
}

function countsOf(db: Db, theme: ThemeName, where: string, parameters: Record<string, string | number>): ThemeCount[] {
  if (theme === 'side' || theme === 'state' || theme === 'unit') {
    const sql = `SELECT ${COLUMNS[theme]} AS code, count(*) AS count, coalesce(sum(p.area_m2), 0) AS area_m2
      FROM parcel p WHERE ${where} GROUP BY 1`
    return db.prepare(sql).all(parameters) as ThemeCount[]
  }
  const ratings = ratingsByParcel(db)
  const codes = ['', ...{ class: CLASS_CODES, tax: TAX_CODES, year: YEAR_CODES, freed: FREED_CODES }[theme]]
  const counts = codes.map(code => ({ code, count: 0, area_m2: 0 }))
  const rows = db.prepare(`SELECT p.pk, p.area_m2 FROM parcel p WHERE ${where}`).raw().iterate(parameters)
  for (const [pk, area] of rows as Iterable<[number, number | null]>) {
    const entry = counts[(ratings.get(pk) ?? UNRATED)[theme]]!
    entry.count++
    entry.area_m2 += area ?? 0
  }
  return counts.filter(entry => entry.count > 0)
}
