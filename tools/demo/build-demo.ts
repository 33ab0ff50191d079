/**
 * Builds the demo survey: a deterministic, invented county of 18 units, about 1,500 parcels along roads, a boundary with
 * sub-zones that cuts some of them, about 900 enterprises with two years of figures and plans in every state. Goes
 * through the same store and the same computations as real data; marked as 示例数据.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { installSideHook } from '../../service/boundary/side-index.ts'
import type { BulkTransaction } from '../../service/db/bulk.ts'
import type { Db } from '../../service/db/open.ts'
import { get, run } from '../../service/db/sql.ts'
import { openStore, type Store, writeSetting } from '../../service/db/store.ts'
import { loadGeos } from '../../service/geos/geos.ts'
import { installLoopGuard } from '../../service/loop/loop-guard.ts'
import { fillNewSurvey } from '../../service/survey/create-survey.ts'
import { detectZones } from '../../service/zones/zone-detect.ts'
import { SQUARE_METERS_PER_MU } from '../../shared/geometry/area.ts'
import { forwardInPlace } from '../../shared/geometry/gauss-kruger.ts'
import { EPSG_4549, projectToPlane, unprojectFromPlane } from '../../shared/geometry/plane.ts'
import { boxOf, type FlatPolygons, type Position, type Ring, toFlat } from '../../shared/geometry/types.ts'
import { uuidV7 } from '../../shared/lib/uuid.ts'
import { LANXI_UNITS } from '../../shared/model/lanxi-units.ts'
import { insertClosings } from './closings.ts'
import { insertEvidence } from './evidence.ts'
import { type Firm, makeFirm, yearFigures } from './firms.ts'
import { freezeHits } from './hits.ts'
import { insertLayers } from './layers.ts'
import { blob, type Lot, makeStrip, type Strip, townAt, unitCell, unitCentres } from './layout.ts'
import { insertPlan, pickState } from './plans.ts'
import { createRandom, type Random } from './random.ts'
import { insertRegisters } from './registers.ts'
import { countedOf, createDemoTargets } from './targets.ts'

const SEED = 330781
const LOTS_PER_UNIT = 76
const DEMO_TIME = Date.UTC(2022, 11, 1, 1)

/** Writes the demo to `file`, replacing one that is there. */
export async function buildDemo(
  file: string,
  root: string = join(import.meta.dirname, '../..'),
): Promise<{ parcels: number; enterprises: number }> {
  mkdirSync(dirname(file), { recursive: true })
  for (const end of ['', '-wal', '-shm']) rmSync(file + end, { force: true })
  const random = createRandom(SEED)
  let clock = DEMO_TIME
  const store = openStore(
    file,
    {
      now: () => new Date(clock),
      newId: () => uuidV7(clock++, bytes => random.fill(bytes)),
      profile: () => ({ user: '示例', role: 'manager', unit: null, device: '00000000-0000-7000-8000-000000000000' }),
    },
    { create: true },
  )
  try {
    installSideHook(store)
    installLoopGuard(store)
    await fillNewSurvey(store, 'lanxi-2021-2023', '示例数据：兰溪市低效用地')
    await fillUnits(store, root)
    const county = layOut(random)
    await store.bulk({ label: 'demo_boundary', kind: 'system' }, async tx => insertBoundary(tx, random, county.strips))
    const enterprises = await store.bulk({ label: 'demo_parcels', kind: 'system' }, async tx => {
      writeSetting(tx.db, 'demo', true)
      return insertParcels(tx, random, county.strips)
    })
    // Ids come from the county's own source of chance: what is new comes after it, so that lots and names stay.
    await store.bulk({ label: 'demo_evidence', kind: 'system' }, async tx => insertEvidence(tx, createRandom(SEED + 1)))
    await store.bulk({ label: 'demo_targets', kind: 'system' }, async tx => createDemoTargets(tx))
    await store.bulk({ label: 'demo_registers', kind: 'system' }, async tx =>
      insertRegisters(tx, createRandom(SEED + 2)),
    )
    await freezeHits(store, 2022)
    await insertLayers(store)
    await detectZones(store, { year: 2022, save: true, cross_unit: false, outlines: true }, createJobControl())
    await store.quiesced(db => planZones(db))
    await store.bulk({ label: 'demo_closings', kind: 'system' }, async tx => insertClosings(tx, createRandom(SEED + 3)))
    await store.quiesced(db => {
      db.pragma('wal_checkpoint(TRUNCATE)')
      db.exec('VACUUM')
    })
    return {
      parcels: get<{ n: number }>(store.read, 'SELECT count(*) AS n FROM parcel')!.n,
      enterprises: enterprises.result,
    }
  } finally {
    store.close()
    rmSync(`${file}.files`, { recursive: true, force: true })
  }
}

/** The county planned its zones from March to August, not on the day on which the demo is made. */
function planZones(db: Db): void {
  db.exec(`UPDATE zone SET planned_on = printf('2022-%02d-15', 3 + pk % 6);
    UPDATE zone_member SET joined_on = (SELECT planned_on FROM zone z WHERE z.id = zone_id);`)
}

function project(position: Position): Position {
  const coordinates = Float64Array.from(position)
  forwardInPlace(EPSG_4549, coordinates)
  return [coordinates[0]!, coordinates[1]!]
}

/** Outlines of the townships: cells round their centres inside the county. The zones lie inside townships and have none. */
async function fillUnits(store: Store, root: string): Promise<void> {
  const source = JSON.parse(readFileSync(join(root, 'resources/basemap/jinhua-counties.geojson'), 'utf8')) as {
    features: { id?: string | number; properties: Record<string, unknown>; geometry: Parameters<typeof toFlat>[0] }[]
  }
  const county = source.features.find(feature => JSON.stringify([feature.id, feature.properties]).includes('330781'))
  if (!county) throw new Error('the county outline is missing from the basemap')
  const geos = await loadGeos()
  const outline = geos.makeValid(projectToPlane(toFlat(county.geometry), EPSG_4549))
  const [centres, box] = [unitCentres(project), boxOf(outline)]
  const cells = new Map<string, FlatPolygons>()
  for (const unit of LANXI_UNITS.filter(({ kind }) => kind !== 'zone')) {
    const cell = toFlat({ type: 'Polygon', coordinates: [unitCell(unit.code, centres, box)] })
    cells.set(unit.code, unprojectFromPlane(geos.intersection(cell, outline), EPSG_4549))
  }
  await store.mutate({ label: 'demo_units', kind: 'system' }, tx => {
    for (const [code, geometry] of cells) {
      const { id } = get<{ id: string }>(tx.db, 'SELECT id FROM report_unit WHERE code = ?', [code])!
      tx.update('report_unit', id, {}, { geometry })
    }
  })
}

interface County {
  strips: Strip[]
}

function layOut(random: Random): County {
  const centres = unitCentres(project)
  const strips: Strip[] = []
  for (const unit of LANXI_UNITS) {
    const centre = centres.get(unit.code)!
    let lots = 0
    for (let attempt = 0; lots < LOTS_PER_UNIT && attempt < 400; attempt++) {
      const distance = 250 + random.next() * (700 + attempt * 8)
      const angle = random.between(0, 2 * Math.PI)
      const place: Position = [centre[0] + Math.cos(angle) * distance, centre[1] + Math.sin(angle) * distance]
      const strip = makeStrip(random, unit.code, townAt(place, centres), place, random.integer(4, 26))
      const clear = strips.every(
        other => Math.hypot(other.centre[0] - place[0], other.centre[1] - place[1]) > other.radius + strip.radius,
      )
      if (!clear) continue
      strips.push(strip)
      lots += strip.lots.length
    }
  }
  return { strips }
}

function insertBoundary(tx: BulkTransaction, random: Random, strips: readonly Strip[]): void {
  const version = tx.insert('boundary_version', {
    code: 'KFBJ-2022',
    name: '城镇开发边界(示例)',
    source_doc: '示例数据，非法定成果',
    effective_date: '2022-11-01',
    status: 'active',
    source_file: '示例数据生成器',
  })
  const centres = unitCentres(project)
  let row = 0
  const insert = (subzone: string, zone_name: string, rings: Ring[]): void => {
    const polygons = unprojectFromPlane(toFlat({ type: 'Polygon', coordinates: rings }), EPSG_4549)
    tx.insert(
      'boundary_feature',
      {
        boundary_id: version.id,
        subzone,
        zone_name,
        zone_code: { concentrated: '01', flexible: '02', special: '03' }[subzone],
        source_row: row++,
      },
      polygons,
    )
  }
  for (const unit of LANXI_UNITS) {
    const centre = centres.get(unit.code)!
    const own = strips.filter(strip => strip.unit === unit.code)
    if (unit.kind === 'zone') {
      // The zones' boundary follows their blocks.
      for (const strip of own) insert('concentrated', '城镇集中建设区', [strip.hull])
      continue
    }
    const reach = own
      .map(strip => Math.hypot(strip.centre[0] - centre[0], strip.centre[1] - centre[1]))
      .sort((a, b) => a - b)
    const core = blob(random, centre, (reach[Math.floor(reach.length * 0.6)] ?? 600) + 60, random.integer(9, 14))
    insert('concentrated', '城镇集中建设区', [core])
    if (unit.code.endsWith('1') || unit.code.endsWith('6') || unit.code.endsWith('9')) {
      const wider: Ring = core.map(
        ([x, y]): Position => [centre[0] + (x - centre[0]) * 1.22, centre[1] + (y - centre[1]) * 1.22],
      )
      insert('flexible', '城镇弹性发展区', [wider, [...core].reverse()])
    }
  }
}

/** Inserts lots with their enterprises, figures, list entries and plans; returns how many enterprises there are. */
function insertParcels(tx: BulkTransaction, random: Random, strips: readonly Strip[]): number {
  const lots = strips.flatMap(strip => strip.lots)
  const batch = registerBatch(tx, lots.length)
  const numbers = new Map<string, number>()
  const used = new Set<string>()
  let firms = 0
  let index = 0
  while (index < lots.length) {
    const first = lots[index]!
    const wanted = random.chance(0.3) ? 2 : random.chance(0.07) ? 3 : 1
    const group = lots.slice(index, index + wanted).filter(lot => lot.road === first.road && lot.unit === first.unit)
    index += group.length
    const vacant = random.chance(0.12)
    const firm = vacant ? undefined : makeFirm(random, ++firms, first.unit, first.town, used)
    const stage = firm ? pickState(random) : undefined
    const parcels = group.map((lot, offset) =>
      insertLot(tx, random, lot, firm, index - group.length + offset, batch, numbers, stage?.state),
    )
    if (!firm || !stage) continue
    const landMu = parcels.reduce((sum, parcel) => sum + parcel.areaM2, 0) / SQUARE_METERS_PER_MU
    const sides = new Set(parcels.map(parcel => parcel.side))
    const enterprise = insertFirm(tx, random, firm, landMu, stage.state, batch)
    for (const parcel of parcels) {
      tx.insert('occupancy', {
        enterprise_id: enterprise.id,
        parcel_id: parcel.id,
        role: firm.tenant ? 'TENANT' : 'OWNER',
        used_area_m2: parcel.areaM2,
        import_batch: batch,
      })
      if (firm.opStatus === 'let') {
        const tenant = makeFirm(random, ++firms, first.unit, first.town, used)
        const small = insertFirm(tx, random, { ...tenant, tenant: true }, landMu / 4, 'S0', batch)
        tx.insert('occupancy', {
          enterprise_id: small.id,
          parcel_id: parcel.id,
          role: 'TENANT',
          used_area_m2: parcel.areaM2 / 4,
          import_batch: batch,
        })
      }
    }
    if (stage.plan)
      insertPlan(tx, random, firm, enterprise, {
        status: stage.plan,
        state: stage.state,
        sides,
        landMu,
        parcelIds: parcels.map(parcel => parcel.id),
      })
  }
  return firms
}

function registerBatch(tx: BulkTransaction, count: number): string {
  const id = tx.newId()
  run(
    tx.db,
    `INSERT INTO import_batch (id, kind, file, sha256, size, crs_declared, crs_used, mapping, options, counts, user, device, at)
     VALUES (:id, 'parcels', '示例数据生成器', '', 0, 'EPSG:4549', 'EPSG:4549', '{}', '{}', :counts, :user, :device, :at)`,
    {
      id,
      counts: JSON.stringify({ read: count, inserted: count, updated: 0, unchanged: 0, repaired: 0, rejected: 0 }),
      user: tx.user,
      device: tx.device,
      at: tx.at,
    },
  )
  return id
}

interface InsertedLot {
  id: string
  areaM2: number
  side: string
}

function insertLot(
  tx: BulkTransaction,
  random: Random,
  lot: Lot,
  firm: Firm | undefined,
  row: number,
  batch: string,
  numbers: Map<string, number>,
  state: string | undefined,
): InsertedLot {
  const number = (numbers.get(lot.town) ?? 0) + 1
  numbers.set(lot.town, number)
  const polygons = unprojectFromPlane(toFlat({ type: 'Polygon', coordinates: [lot.ring] }), EPSG_4549)
  const inserted = tx.insert(
    'parcel',
    {
      code: `${lot.town}-2021-${String(number).padStart(4, '0')}`,
      name: firm ? `${firm.name.slice(0, 6)}地块` : '闲置厂区地块',
      unit: lot.unit,
      town: lot.town,
      location: `${lot.road}${lot.number}号`,
      right_holder: firm && !firm.tenant ? firm.name : '村集体经济合作社(示例)',
      ownership: random.chance(0.75) ? '20' : '40',
      disputed: random.chance(0.01),
      acquire: random.pick(['grant', 'grant', 'grant', 'allocation', 'lease', 'collective', 'none']),
      land_class: random.chance(0.92) ? '0601' : '0508',
      plan_use: random.chance(0.8) ? '工业用地' : '农林用地',
      cur_use: '工业',
      use_state: firm ? '1' : '2',
      vacant_reason: firm ? null : '企业外迁后未再利用',
      build_type: random.pick(['1', '2', '2', '3']),
      build_year: random.integer(1988, 2019),
      floors: random.integer(1, 4),
      far: Math.round(random.between(0.35, 1.8) * 100) / 100,
      density: Math.round(random.between(25, 62) * 10) / 10,
      ineff_types: random.chance(0.6) ? ['T1'] : random.chance(0.5) ? ['T4', 'T10'] : [],
      state: state ?? null,
      source_file: '示例数据生成器',
      source_row: row,
      import_batch: batch,
    },
    polygons,
  )
  const computed = get<{ area_m2: number; side: string }>(tx.db, 'SELECT area_m2, side FROM parcel WHERE pk = ?', [
    inserted.pk,
  ])!
  run(tx.db, 'UPDATE parcel_record SET area_registered_m2 = ? WHERE pk = ?', [
    Math.round(computed.area_m2 * random.between(0.985, 1.01) * 100) / 100,
    inserted.pk,
  ])
  markSome(tx, random, inserted.pk, computed.side)
  return { id: inserted.id, areaM2: computed.area_m2, side: computed.side }
}

/** Inspectors have been to about half of the parcels; a few disagree with the computed side. */
function markSome(tx: BulkTransaction, random: Random, pk: number, side: string): void {
  if (!random.chance(0.5)) return
  const disagrees = random.chance(0.03)
  const mark = disagrees ? (side === 'inside' ? 'outside' : 'inside') : side
  run(
    tx.db,
    'UPDATE parcel_record SET side_marked = ?, side_mark_reason = ?, side_marked_by = ?, side_marked_at = ? WHERE pk = ?',
    [mark, disagrees ? 'site_evidence' : null, '示例巡查员', tx.at, pk],
  )
}

function insertFirm(
  tx: BulkTransaction,
  random: Random,
  firm: Firm,
  landMu: number,
  state: string,
  batch: string,
): { id: string; tax: number | null } {
  const { id } = tx.insert('enterprise', {
    code: firm.code,
    uscc: firm.uscc,
    name: firm.name,
    ent_type: 'company',
    industry_code: firm.industry.code,
    in_park: firm.inPark,
    op_status: firm.opStatus,
    unit: firm.unit,
    town: firm.town,
    state,
    source_file: '示例数据生成器',
    import_batch: batch,
  })
  const base = random.skewed()
  let tax: number | null = null
  for (const year of [2021, 2022]) {
    const figures = yearFigures(random, firm, landMu, year, base)
    tax = figures['tax'] as number | null
    tx.insert('enterprise_year', { enterprise_id: id, ...figures })
  }
  if (state !== 'S0' || random.chance(0.5)) {
    tx.insert('list_entry', {
      enterprise_id: id,
      list_year: 2022,
      batch: '第一批',
      state,
      hit_rules: [],
      ...countedOf(state, landMu),
    })
  }
  return { id, tax }
}
