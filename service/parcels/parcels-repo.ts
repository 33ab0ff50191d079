/** Reads parcels for lists, panels and the drawing tools. SQL text of this area stays here. */
import type { ParcelDetail, ParcelFilter, ParcelRow } from '../../shared/contract/parcels.ts'
import { decodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { isInsidePolygons } from '../../shared/geometry/point-in-polygon.ts'
import { type Box, type FlatPolygons, fromFlat } from '../../shared/geometry/types.ts'
import { CLASS_CODES, FREED_CODES, TAX_CODES, YEAR_CODES } from '../../shared/tiles/tile-values.ts'
import { figureParcelKeys } from '../dashboard/figure-items.ts'
import type { Db } from '../db/open.ts'
import type { Parameters } from '../db/sql.ts'
import { all, get } from '../db/sql.ts'
import { foldText } from '../search/search-keys.ts'
import { ratingsByParcel, UNRATED } from '../tiles/ratings.ts'

/** Column expressions that a list may be sorted by; nothing else reaches ORDER BY. */
const SORTS: Readonly<Record<string, string>> = {
  code: 'p.code',
  name: 'p.name',
  unit: 'p.unit',
  town: 'p.town',
  location: 'p.location',
  area_m2: 'p.area_m2',
  side: 'p.side',
  side_marked: 'p.side_marked',
  inside_share: 'p.inside_share',
  area_in_m2: 'p.area_in_m2',
  area_out_m2: 'p.area_out_m2',
  state: 'p.state',
  updated_at: 'p.updated_at',
}

const ZONE_CODE = `(SELECT z.code FROM zone_member m JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
  WHERE m.parcel_id = p.id AND m.deleted = 0 ORDER BY z.year DESC LIMIT 1)`

const ENTERPRISE_NAMES = `(SELECT group_concat(name, '、') FROM (SELECT e.name FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
  WHERE o.parcel_id = p.id AND o.deleted = 0 GROUP BY e.id ORDER BY e.name LIMIT 5))`

export function isSortableParcelField(field: string): boolean {
  return field in SORTS
}

/** One page of rows, the exact number of all that match and the sum of their ellipsoidal areas in m². */
export function listParcels(
  db: Db,
  filter: ParcelFilter,
  page: { offset: number; limit: number; sort?: { field: string; descending: boolean } | undefined },
): { rows: ParcelRow[]; total: number; area_m2: number } {
  const { where, parameters } = parcelCondition(db, filter)
  const sums = get<{ n: number; area: number | null }>(
    db,
    `SELECT count(*) AS n, sum(p.area_m2) AS area FROM parcel p WHERE ${where}`,
    parameters,
  )!
  const order = page.sort
    ? `${SORTS[page.sort.field]} ${page.sort.descending ? 'DESC' : 'ASC'} NULLS LAST, p.pk`
    : 'p.pk'
  const rows = all<ParcelRow>(
    db,
    `SELECT p.pk, p.id, p.rev, p.code, p.name, p.unit, p.town, p.location, p.area_m2, coalesce(p.side, 'unknown') AS side, p.side_marked,
            p.inside_share, p.area_in_m2, p.area_out_m2, p.state, ${ZONE_CODE} AS zone_code, ${ENTERPRISE_NAMES} AS enterprises, p.updated_at, p.updated_by
     FROM parcel p WHERE ${where} ORDER BY ${order} LIMIT :limit OFFSET :offset`,
    { ...parameters, limit: page.limit, offset: page.offset },
  )
  return { rows, total: sums.n, area_m2: sums.area ?? 0 }
}

/** Local keys of all that match, ascending. */
export function parcelKeys(db: Db, filter: ParcelFilter): number[] {
  const { where, parameters } = parcelCondition(db, filter)
  return db.prepare(`SELECT p.pk FROM parcel p WHERE ${where} ORDER BY p.pk`).pluck().all(parameters) as number[]
}

/** The filter as a condition on `parcel p` with its named parameters. */
export function parcelCondition(
  db: Db,
  filter: ParcelFilter,
): { where: string; parameters: Record<string, string | number> } {
  const conditions = ['p.deleted = 0']
  const parameters: Record<string, string | number> = {}
  const oneOf = (column: string, name: string, values: readonly string[] | undefined): void => {
    if (!values || values.length === 0) return
    conditions.push(`${column} IN (SELECT value FROM json_each(:${name}))`)
    parameters[name] = JSON.stringify(values)
  }
  oneOf(filter.units?.includes('') ? "coalesce(p.unit, '')" : 'p.unit', 'units', filter.units)
  oneOf("coalesce(p.side, 'unknown')", 'sides', filter.sides)
  oneOf("coalesce(p.state, '')", 'states', filter.states)
  if (filter.classes || filter.taxes || filter.years || filter.freed) {
    conditions.push('p.pk IN (SELECT value FROM json_each(:rated))')
    parameters['rated'] = JSON.stringify(parcelsRated(db, filter))
  }
  if (filter.text?.trim()) {
    const folded = foldText(filter.text)
    parameters['text'] = `%${escapeLike(folded)}%`
    parameters['initials'] = `%\n${escapeLike(folded.replace(/\s/g, ''))}%`
    parameters['full'] = `%\n${escapeLike(folded.replace(/\s/g, '').toUpperCase())}%`
    const matches = (entity: string, pk: string): string =>
      `EXISTS (SELECT 1 FROM search_key k WHERE k.entity = '${entity}' AND k.pk = ${pk} AND (k.text LIKE :text ESCAPE '\\' OR k.initials LIKE :initials ESCAPE '\\' OR k.initials LIKE :full ESCAPE '\\'))`
    conditions.push(`(${matches('parcel', 'p.pk')} OR EXISTS (SELECT 1 FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id
      WHERE o.parcel_id = p.id AND o.deleted = 0 AND e.deleted = 0 AND ${matches('enterprise', 'e.pk')}))`)
  }
  if (filter.figure) {
    conditions.push('p.pk IN (SELECT value FROM json_each(:figure))')
    parameters['figure'] = JSON.stringify(figureParcelKeys(db, filter.figure))
  }
  if (filter.zone_id) {
    conditions.push(
      'EXISTS (SELECT 1 FROM zone_member m WHERE m.parcel_id = p.id AND m.zone_id = :zone_id AND m.deleted = 0)',
    )
    parameters['zone_id'] = filter.zone_id
  }
  if (filter.batch) {
    conditions.push('p.import_batch = :batch')
    parameters['batch'] = filter.batch
  }
  if (filter.side_disagrees)
    conditions.push("p.side_marked IS NOT NULL AND p.side_marked <> coalesce(p.side, 'unknown')")
  if (filter.unmarked) conditions.push('p.side_marked IS NULL')
  if (filter.min_area_m2 !== undefined) {
    conditions.push('p.area_m2 >= :min_area')
    parameters['min_area'] = filter.min_area_m2
  }
  if (filter.max_area_m2 !== undefined) {
    conditions.push('p.area_m2 <= :max_area')
    parameters['max_area'] = filter.max_area_m2
  }
  if (filter.box) {
    conditions.push(
      'p.pk IN (SELECT pk FROM parcel_box WHERE max_x >= :west AND min_x <= :east AND max_y >= :south AND min_y <= :north)',
    )
    Object.assign(parameters, { west: filter.box[0], south: filter.box[1], east: filter.box[2], north: filter.box[3] })
  }
  return { where: conditions.join(' AND '), parameters }
}

/** Keys of the parcels whose rating the filter asks for. */
function parcelsRated(db: Db, { classes, taxes, years, freed }: ParcelFilter): number[] {
  const ratings = ratingsByParcel(db)
  const isWanted = (codes: readonly string[], wanted: readonly string[] | undefined, number: number): boolean =>
    wanted === undefined || wanted.includes(number === 0 ? '' : codes[number - 1]!)
  const keys = db.prepare('SELECT pk FROM parcel WHERE deleted = 0').pluck().all() as number[]
  return keys.filter(pk => {
    const rating = ratings.get(pk) ?? UNRATED
    return (
      isWanted(CLASS_CODES, classes, rating.class) &&
      isWanted(TAX_CODES, taxes, rating.tax) &&
      isWanted(YEAR_CODES, years, rating.year) &&
      isWanted(FREED_CODES, freed, rating.freed)
    )
  })
}

/** `%`, `_` and the escape itself as plain characters of a LIKE pattern. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, match => `\\${match}`)
}

export function findParcelKey(
  db: Db,
  key: { id?: string | undefined; pk?: number | undefined; code?: string | undefined },
): { pk: number; id: string; geometry: Uint8Array } | undefined {
  const by = (column: string, value: string | number) =>
    get<{ pk: number; id: string; geometry: Uint8Array }>(
      db,
      `SELECT pk, id, geometry FROM parcel WHERE ${column} = ? AND deleted = 0`,
      [value],
    )
  if (key.id !== undefined) return by('id', key.id)
  if (key.pk !== undefined) return by('pk', key.pk)
  return key.code !== undefined ? by('code', key.code) : undefined
}

export function occupantsOf(db: Db, parcelId: string): ParcelDetail['enterprises'] {
  const rows = all<{
    occupancy_id: string
    role: string
    used_area_m2: number | null
    id: string
    code: string
    name: string
    uscc: string | null
    op_status: string | null
    state: string | null
  }>(
    db,
    `SELECT o.id AS occupancy_id, o.role, o.used_area_m2, e.id, e.code, e.name, e.uscc, e.op_status, e.state
     FROM occupancy o JOIN enterprise e ON e.id = o.enterprise_id AND e.deleted = 0
     WHERE o.parcel_id = ? AND o.deleted = 0 ORDER BY e.name, o.role`,
    [parcelId],
  )
  return rows.map(({ occupancy_id, role, used_area_m2, ...enterprise }) => ({
    occupancy_id,
    role,
    used_area_m2,
    enterprise,
  }))
}

export function enterpriseIdsOf(db: Db, parcelId: string): string[] {
  return all<{ id: string }>(
    db,
    'SELECT DISTINCT enterprise_id AS id FROM occupancy WHERE parcel_id = ? AND deleted = 0',
    [parcelId],
  ).map(row => row.id)
}

export function zonesOf(db: Db, parcelId: string): ParcelDetail['zones'] {
  return all(
    db,
    `SELECT z.id, z.code, z.name, z.year FROM zone_member m JOIN zone z ON z.id = m.zone_id AND z.deleted = 0
     WHERE m.parcel_id = ? AND m.deleted = 0 ORDER BY z.year DESC`,
    [parcelId],
  )
}

export interface NearParcel {
  id: string
  pk: number
  rev: number
  code: string
  polygons: FlatPolygons
}

/** Live parcels whose box meets `box` (degrees), those with the nearest middle first, at most `limit`. */
export function parcelsInBox(db: Db, box: Readonly<Box>, excludeId: string | undefined, limit: number): NearParcel[] {
  const parameters: Parameters = {
    west: box[0],
    south: box[1],
    east: box[2],
    north: box[3],
    exclude: excludeId ?? '',
    x: box[0] + box[2],
    y: box[1] + box[3],
    limit,
  }
  return all<{ id: string; pk: number; rev: number; code: string; geometry: Uint8Array }>(
    db,
    // The boxes are sorted alone: outlines are read only of those that are wanted.
    `SELECT p.id, p.pk, p.rev, p.code, p.geometry FROM (
       SELECT pk FROM parcel_box WHERE max_x >= :west AND min_x <= :east AND max_y >= :south AND min_y <= :north
       ORDER BY abs(min_x + max_x - :x) + abs(min_y + max_y - :y) LIMIT :limit + 1
     ) b JOIN parcel p ON p.pk = b.pk WHERE p.id <> :exclude LIMIT :limit`,
    parameters,
  ).map(({ geometry, ...parcel }) => ({ ...parcel, polygons: decodeGeometry(geometry) }))
}

export function outlinesOfParcels(db: Db, ids: readonly string[]): { id: string; geometry: Uint8Array }[] {
  return all(db, 'SELECT id, geometry FROM parcel WHERE deleted = 0 AND id IN (SELECT value FROM json_each(?))', [
    JSON.stringify(ids),
  ])
}

/** Parcels that hold a place, the smallest box first. */
export function parcelsAt(db: Db, lng: number, lat: number): { id: string; pk: number; code: string }[] {
  return parcelsInBox(db, [lng, lat, lng, lat], undefined, 500)
    .filter(parcel => isInsidePolygons(parcel.polygons, lng, lat))
    .sort((a, b) => a.polygons.coordinates.length - b.polygons.coordinates.length)
    .map(({ id, pk, code }) => ({ id, pk, code }))
}

export function geometryOf(blob: Uint8Array): ParcelDetail['geometry'] {
  return fromFlat(decodeGeometry(blob))
}

/** The report unit with an outline that holds the place, if any unit has one. */
export function unitAt(db: Db, lng: number, lat: number): string | null {
  for (const unit of all<{ code: string; geometry: Uint8Array }>(
    db,
    'SELECT code, geometry FROM report_unit WHERE deleted = 0 AND geometry IS NOT NULL',
  )) {
    if (isInsidePolygons(decodeGeometry(unit.geometry), lng, lat)) return unit.code
  }
  return null
}

export function codeOfParcel(db: Db, id: string): string {
  return get<{ code: string }>(db, 'SELECT code FROM parcel WHERE id = ?', [id])?.code ?? ''
}

/** The highest running number among codes `prefixNNNN`; 0 when there is none. */
export function highestNumber(db: Db, prefix: string): number {
  const row = get<{ n: number | null }>(
    db,
    `SELECT max(CAST(substr(code, :length + 1) AS INTEGER)) AS n FROM parcel
     WHERE code >= :prefix AND code < :prefix || 'z' AND substr(code, 1, :length) = :prefix AND substr(code, :length + 1) GLOB '[0-9][0-9][0-9][0-9]*'`,
    { prefix, length: prefix.length },
  )
  return row?.n ?? 0
}
