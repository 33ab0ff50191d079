/**
 * Finding contiguous zones (连片整治区域): cluster the parcels, keep what is large enough, and on demand save the result so
 * that zones found before keep their identity. Saving is one undoable edit.
 */
import type { z } from 'zod'
import type {
  detectInputSchema,
  detectResultSchema,
  ZoneChange,
  zoneCandidateSchema,
} from '../../shared/contract/zones.ts'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import type { BarrierIndex } from '../../shared/geometry/barrier-index.ts'
import { type FlatPolygons, fromFlat } from '../../shared/geometry/types.ts'
import { contiguityRate, reachesMu } from '../../shared/rules/contiguity.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { loadGeos } from '../geos/geos.ts'
import { changesOf } from './zone-changes.ts'
import { readLand } from './zone-land.ts'
import { type MatchInput, matchCandidates, planSave, type StoredZone } from './zone-matching.ts'
import { outlineFor } from './zone-outline.ts'
import {
  clustersOf,
  commonUnit,
  joinedBox,
  outlineOf,
  outsideShare,
  totalAreaM2,
  type ZoneParcel,
} from './zone-parcels.ts'
import { rankingOf } from './zone-ranking.ts'
import { createZoneNamer, isFixed, writeDetection } from './zone-save.ts'
import { DEFAULT_GAP_M, DEFAULT_MIN_MU, DEFAULT_MIN_PARCELS, type DetectSettings } from './zone-settings.ts'
import {
  campaignZoneSettings,
  findZone,
  handKey,
  type LandFigures,
  listZones,
  membersOfYear,
  takenOutByHand,
} from './zones-repo.ts'

export type DetectInput = z.infer<typeof detectInputSchema>
export type DetectResult = z.infer<typeof detectResultSchema>
type ZoneCandidate = z.infer<typeof zoneCandidateSchema>

/** What is asked for, else the campaign's settings, else the defaults. */
function settingsOf(store: Store, input: DetectInput, barriers: BarrierIndex | undefined): DetectSettings {
  const campaign = campaignZoneSettings(store.read)
  return {
    gapM: input.gap_m ?? campaign?.gap_m ?? DEFAULT_GAP_M,
    minMu: input.min_mu ?? campaign?.zone_min_mu ?? DEFAULT_MIN_MU,
    minParcels: input.min_parcels ?? campaign?.zone_min_parcels ?? DEFAULT_MIN_PARCELS,
    crossUnit: input.cross_unit,
    year: input.year ?? store.now().getFullYear(),
    barriers: input.barriers === false ? undefined : barriers,
  }
}

/** Candidates by falling area, and the 连片率 over all parcels looked at. Writes only with `save`. */
export async function detectZones(store: Store, input: DetectInput, control: JobControl): Promise<DetectResult> {
  const started = performance.now()
  const { parcels, barriers, figures } = await readLand(store, input.unit, control)
  const settings = settingsOf(store, input, barriers)
  control.report({ phase: 'cluster', done: 0, total: null })
  await control.checkpoint()
  const clusters = clustersOf(parcels, settings)
  const candidates = qualified(clusters, settings)
  const outlines = await outlinesOf(store, input.outlines || input.save ? candidates : [], settings, control)
  await control.checkpoint()

  let saved = 0
  let kept = 0
  let codes: string[]
  let changes: ZoneChange[]
  if (input.save && candidates.length > 0) {
    control.report({ phase: 'save', done: 0, total: candidates.length })
    ;({ saved, kept, codes, changes } = await saveDetection(store, candidates, outlines, settings))
  } else ({ codes, changes } = previewOf(store.read, candidates, settings))

  return {
    zones: candidates.map((members, index) =>
      zoneCandidate(members, codes[index]!, input.outlines ? outlines.get(members) : undefined, figures),
    ),
    contiguity_rate: contiguityRate(clusters.map(totalAreaM2), settings.minMu),
    saved,
    kept,
    changes,
    barriers: settings.barriers !== undefined,
    seconds: (performance.now() - started) / 1000,
  }
}

function qualified(clusters: readonly ZoneParcel[][], settings: DetectSettings): ZoneParcel[][] {
  return clusters
    .filter(members => members.length >= settings.minParcels && reachesMu(totalAreaM2(members), settings.minMu))
    .sort((a, b) => totalAreaM2(b) - totalAreaM2(a) || (a[0]!.code < b[0]!.code ? -1 : 1))
}

type Outlines = Map<readonly ZoneParcel[], FlatPolygons>

async function outlinesOf(
  store: Store,
  candidates: readonly ZoneParcel[][],
  settings: DetectSettings,
  control: JobControl,
): Promise<Outlines> {
  const outlines: Outlines = new Map()
  if (candidates.length === 0) return outlines
  const geos = await loadGeos()
  for (const members of candidates) {
    control.report({ phase: 'outline', done: outlines.size, total: candidates.length })
    await control.checkpoint()
    outlines.set(members, outlineOf(members, settings.gapM, store.plane, geos))
  }
  return outlines
}

/** What matching looks at: the year's zones with their members. */
function matchInput(db: Db, candidates: readonly ZoneParcel[][], settings: DetectSettings) {
  // Members outside the candidates count with their area too, or a zone would follow a small part of itself.
  const areas = new Map<string, number>()
  const members = new Map<string, { parcelId: string; manual: boolean }[]>()
  for (const row of membersOfYear(db, settings.year)) {
    const list = members.get(row.zone_id) ?? []
    members.set(row.zone_id, list)
    list.push({ parcelId: row.parcel_id, manual: row.manual })
    areas.set(row.parcel_id, row.area_m2)
  }
  const zones: (StoredZone & { name: string })[] = listZones(db, { year: settings.year }).map(zone => ({
    id: zone.id,
    code: zone.code,
    name: zone.name,
    unit: zone.unit,
    fixed: isFixed(zone),
    members: members.get(zone.id) ?? [],
  }))
  for (const list of candidates) for (const parcel of list) areas.set(parcel.id, parcel.areaM2)
  const takenOut = takenOutByHand(db, settings.year)
  const input: MatchInput = {
    candidates: candidates.map(list => ({ unit: commonUnit(list), parcelIds: list.map(parcel => parcel.id) })),
    zones,
    areaOf: id => areas.get(id) ?? 0,
    isTakenOut: (zoneId, parcelId) => takenOut.has(handKey(zoneId, parcelId)),
  }
  return { input, zones, matches: matchCandidates(input) }
}

/** What saving would write: which zones change, and which parts of candidates are enough for new ones. */
function planOf(db: Db, candidates: readonly ZoneParcel[][], settings: DetectSettings) {
  const matched = matchInput(db, candidates, settings)
  const plan = planSave(matched.input, matched.matches, (candidate, free) => {
    const members = candidates[candidate]!
    if (free.length === members.length) return [free]
    const wanted = new Set(free)
    const rest = members.filter(parcel => wanted.has(parcel.id))
    return qualified(clustersOf(rest, settings), settings).map(list => list.map(parcel => parcel.id))
  })
  return { ...matched, plan }
}

/** Codes and changes of candidates that are not saved: of the zone that they continue, otherwise the next free code. */
function previewOf(
  db: Db,
  candidates: readonly ZoneParcel[][],
  settings: DetectSettings,
): { codes: string[]; changes: ZoneChange[] } {
  const { zones, matches, plan } = planOf(db, candidates, settings)
  const namer = createZoneNamer(db, settings.year)
  const codes = candidates.map((members, index) => {
    const match = matches[index]
    return match === undefined ? namer.nextCode(commonUnit(members)) : zones[match]!.code
  })
  const created = plan.created.map(({ candidate }) => codes[candidate]!)
  return { codes, changes: changesOf(db, zones, plan, created) }
}

async function saveDetection(
  store: Store,
  candidates: readonly ZoneParcel[][],
  outlines: Outlines,
  settings: DetectSettings,
): Promise<{ saved: number; kept: number; codes: string[]; changes: ZoneChange[] }> {
  const geos = await loadGeos()
  const label = { label: 'zones_detected', values: { year: String(settings.year), count: String(candidates.length) } }
  const { result } = await store.mutate(label, tx => {
    const { zones, matches, plan } = planOf(tx.db, candidates, settings)
    const outline = (members: readonly ZoneParcel[], zoneId?: string) =>
      (zoneId === undefined ? outlines.get(members) : undefined) ??
      outlineFor(
        zoneId === undefined ? undefined : findZone(tx.db, { id: zoneId }),
        members,
        settings.gapM,
        store.plane,
        geos,
      )
    const { codes, created } = writeDetection(tx, {
      plan,
      zones,
      candidates,
      matches,
      settings,
      plane: store.plane,
      outline,
    })
    const changes = changesOf(tx.db, zones, plan, created)
    return { saved: plan.changed.size + plan.created.length, kept: zones.length - plan.changed.size, codes, changes }
  })
  return result
}

function zoneCandidate(
  members: readonly ZoneParcel[],
  code: string,
  outline: FlatPolygons | undefined,
  figures: LandFigures,
): ZoneCandidate {
  const sorted = [...members].sort((a, b) => (a.code < b.code ? -1 : 1))
  const area = totalAreaM2(members)
  return {
    code,
    unit: commonUnit(members),
    parcels: sorted.map(parcel => parcel.code),
    parcel_ids: sorted.map(parcel => parcel.id),
    area_m2: area,
    area_mu: squareMetersToMu(area),
    outside_share: outsideShare(members),
    ...rankingOf(members, figures),
    box: joinedBox(members),
    outline: outline ? fromFlat(outline) : null,
  }
}
