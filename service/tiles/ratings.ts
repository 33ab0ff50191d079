/** What enterprises, plans and zones bring to a parcel on the map: class, tax per mu, year, freed land. One source for tiles, counts and filters. */
import { supplyStatus } from '../../shared/rules/freed-land.ts'
import { classNumber, freedNumber, taxNumber, yearNumber } from '../../shared/tiles/tile-values.ts'
import type { Db } from '../db/open.ts'
import { RATED_CLASS } from '../scoring/rated-class.ts'

/** An enterprise that owns and uses a parcel stands there twice and counts once. */
const ratingSql = (which: string) => `
SELECT p.pk, y.year, ${RATED_CLASS}, y.tax, y.land_mu_actual
FROM (SELECT DISTINCT enterprise_id, parcel_id FROM occupancy WHERE deleted = 0) AS o
JOIN parcel AS p ON p.id = o.parcel_id
JOIN enterprise AS e ON e.id = o.enterprise_id
JOIN enterprise_year AS y ON y.enterprise_id = o.enterprise_id
WHERE p.deleted = 0 AND e.deleted = 0 AND y.deleted = 0 ${which}
ORDER BY p.pk, y.year DESC`
export const RATING_SQL = ratingSql('')

/** The newest plan of an enterprise there, and the newest zone. Highest year of each kind per parcel. */
const planYearsSql = (which: string) => `
SELECT p.pk, max(l.year) FROM occupancy AS o JOIN parcel AS p ON p.id = o.parcel_id
JOIN enterprise AS e ON e.id = o.enterprise_id JOIN plan AS l ON l.enterprise_id = e.id
WHERE o.deleted = 0 AND p.deleted = 0 AND e.deleted = 0 AND l.deleted = 0 ${which} GROUP BY p.pk`
const zoneYearsSql = (which: string) => `
SELECT p.pk, max(z.year) FROM zone_member AS m JOIN parcel AS p ON p.id = m.parcel_id JOIN zone AS z ON z.id = m.zone_id
WHERE m.deleted = 0 AND p.deleted = 0 AND z.deleted = 0 ${which} GROUP BY p.pk`

/** The parcel itself, or the live parts that it was divided into. */
const freedSql = (which: string) => `
WITH RECURSIVE line (land, id) AS (
  SELECT f.pk, f.parcel_id FROM freed_land AS f WHERE f.deleted = 0
  UNION SELECT line.land, c.id FROM line JOIN parcel AS o ON o.id = line.id AND o.deleted = 1 JOIN parcel AS c ON c.parent_id = o.id)
SELECT p.pk, f.withdrawn, f.signed_on, f.supplied_on, f.started_on, f.completed_on, f.production_on
FROM line JOIN freed_land AS f ON f.pk = line.land JOIN parcel AS p ON p.id = line.id
WHERE p.deleted = 0 ${which}`
type Day = string | null
type FreedTileRow = [pk: number, withdrawn: number | null, Day, Day, Day, Day, Day]

type RatingRow = [pk: number, year: number, rated: string | null, tax: number | null, land: number | null]

/** Numbers as packed tiles hold them; 0 for unknown. */
export interface Rating {
  readonly class: number
  readonly tax: number
  readonly year: number
  readonly freed: number
}

export const UNRATED: Rating = { class: 0, tax: 0, year: 0, freed: 0 }

/**
 * Rating of each parcel that has an enterprise, by parcel key. The latest year with a class decides the class, and within it
 * the worse one, because problems must not hide. 亩均税收 is Σ tax / Σ land of the latest year in which both are known of an
 * enterprise there (domain §11.5: never the mean of ratios). The year is that of the newest plan of an enterprise there, and
 * where nobody has one that of the newest zone.
 */
export function ratingsByParcel(db: Db): Map<number, Rating> {
  return ratings(db, '', [])
}

/** The same for some parcels, by local key. */
export function ratingsOf(db: Db, pks: readonly number[]): Map<number, Rating> {
  return ratings(db, `AND p.pk IN (${pks.map(() => '?').join()})`, pks)
}

function ratings(db: Db, which: string, parameters: readonly number[]): Map<number, Rating> {
  const read = <Row>(sql: string): Row[] => db.prepare(sql).raw().all(parameters) as Row[]
  const found = new Map<number, Rating>()
  const rows = read<RatingRow>(ratingSql(which))
  for (let from = 0; from < rows.length; ) {
    const pk = rows[from]![0]
    let to = from
    while (to < rows.length && rows[to]![0] === pk) to++
    found.set(pk, ratingOf(rows.slice(from, to)))
    from = to
  }
  // Plans last: they stand over zones.
  const years = [...read<[number, number]>(zoneYearsSql(which)), ...read<[number, number]>(planYearsSql(which))]
  for (const [pk, year] of years) found.set(pk, { ...(found.get(pk) ?? UNRATED), year: yearNumber(year) })
  for (const [pk, withdrawn, ...days] of read<FreedTileRow>(freedSql(which))) {
    const [signed_on, supplied_on, started_on, completed_on, production_on] = days
    const dates = { signed_on, supplied_on, started_on, completed_on, production_on, withdrawn: withdrawn === 1 }
    const freed = freedNumber(supplyStatus(dates))
    const known = found.get(pk) ?? UNRATED
    // Of several pieces on one parcel the least advanced stands for it: what can still be had must not hide.
    if (freed > 0 && (known.freed === 0 || freed < known.freed)) found.set(pk, { ...known, freed })
  }
  return found
}

/** `rows` of one parcel, newest year first. */
function ratingOf(rows: readonly RatingRow[]): Rating {
  const ratedYear = rows.find(row => row[2] !== null)?.[1]
  const isRated = (row: RatingRow): boolean => row[2] !== null && row[2] !== 'N'
  const classes = rows.filter(row => row[1] === ratedYear && row[2] !== null)
  // N (not rated) only when nobody there is rated; letters after A are worse.
  const letters = (classes.some(isRated) ? classes.filter(isRated) : classes).map(row => row[2] as string).sort()
  const isKnown = (row: RatingRow): boolean => row[3] !== null && row[4] !== null && row[4] > 0
  const taxYear = rows.find(isKnown)?.[1]
  let tax = 0
  let land = 0
  for (const row of rows) {
    if (row[1] !== taxYear || !isKnown(row)) continue
    tax += row[3]!
    land += row[4]!
  }
  return { ...UNRATED, class: classNumber(letters.at(-1) ?? null), tax: taxNumber(land > 0 ? tax / land : null) }
}
