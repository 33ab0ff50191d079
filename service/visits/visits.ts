/** Visits: what a form starts with, handing in, reviewing, signing. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import type { VisitRow } from '../../shared/contract/visits.ts'
import { chinaDate } from '../../shared/lib/china-time.ts'
import {
  departsFrom,
  inspectorsOf,
  isEvidence,
  missingOfVisit,
  remarksOfVisit,
  type VisitMissingKey,
} from '../../shared/rules/visits.ts'
import { hasPicture, keepOriginal } from '../attachments/original-store.ts'
import { photoType, pixelSize } from '../attachments/photo-facts.ts'
import type { Store } from '../db/store.ts'
import { findRecord } from '../records/records-repo.ts'
import {
  enterprisesOn,
  newestOf,
  openVisit,
  picturesOf,
  twinsOf,
  type VisitEntry,
  visitById,
  visitsOfEnterprise,
  visitsOfParcel,
} from './visits-repo.ts'

type Values = Record<string, unknown>

/** What a person says at a visit; everything else is written by the steps themselves. */
const SAID = [
  'enterprise_id',
  'inspectors',
  'visited_at',
  'gnss_fix',
  'findings',
  'side_marked',
  'side_reason',
  'side_note',
  'operating_status',
  'ineff_types',
  'idle_suspect',
  'weather',
] as const

/** Bytes of a drawn signature; a canvas of 600 × 200 px has about 10 kB. */
const MAX_SIGNATURE_BYTES = 300_000
const MAX_SIGNATURE_PIXELS = 4_000_000

export function visitList(
  store: Store,
  of: { parcel_id?: string | undefined; enterprise_id?: string | undefined },
): VisitRow[] {
  const db = store.read
  const entries = of.parcel_id
    ? visitsOfParcel(db, of.parcel_id)
    : of.enterprise_id
      ? visitsOfEnterprise(db, of.enterprise_id)
      : []
  return rowsOf(store, entries)
}

function rowsOf(store: Store, entries: readonly VisitEntry[]): VisitRow[] {
  const ids = entries.map(entry => String(entry.record['id']))
  const pictures = picturesOf(store.read, ids)
  const twins = twinsOf(store.read, ids)
  const now = store.now().toISOString()
  return entries.map(({ side, ...entry }) => {
    const { record } = entry
    const id = record['id']
    const own = pictures.filter(picture => picture.owner === id)
    const isOpen = record['status'] === 'DRAFT' || record['status'] === 'RETURNED'
    return {
      ...entry,
      photos: own.map(({ id: photo, file_name, sha256 }) => ({
        id: photo,
        file_name,
        missing: !hasPicture(store.file, { sha256, file_name }),
      })),
      twins: twins.filter(twin => twin.owner === id).map(({ owner: _, ...twin }) => twin),
      missing: isOpen ? missingOfVisit(record, { computed: side, now }) : [],
      remarks: remarksOfVisit(record, own.length),
      evidence: isEvidence(record),
    }
  })
}

/** The own open draft of a parcel, or what a new visit starts with: who was along last time, the owner, the known side. */
export function startVisit(store: Store, parcelId: string) {
  const db = store.read
  const parcel = findRecord(db, 'parcel', { id: parcelId })
  if (!parcel) throw new AppError('not_found', '找不到地块，可能已被删除', { reason: 'parcel_not_found' })
  const { user } = store.profile()
  const draft = openVisit(db, parcelId, user)
  const last = newestOf(db, user)
  const now = store.now()
  const enterprises = enterprisesOn(db, parcelId)
  const isToday = last !== undefined && chinaDate(new Date(last.visited_at)) === chinaDate(now)
  const companions = last?.inspectors ? inspectorsOf(JSON.parse(last.inspectors)) : []
  return {
    draft: draft ? rowsOf(store, [draft])[0]! : null,
    presets: {
      inspectors: [...new Set([user, ...companions])].filter(name => name.trim() !== ''),
      enterprise_id: enterprises[0]?.id ?? null,
      side_marked: parcel['side_marked'] ?? null,
      side_reason: parcel['side_mark_reason'] ?? null,
      side_note: parcel['side_mark_note'] ?? null,
      ...(isToday && last.weather ? { weather: last.weather } : {}),
    },
    side: (parcel['side'] as string | null) ?? null,
    side_marked: (parcel['side_marked'] as string | null) ?? null,
    enterprises,
  }
}

const MISSING_WORDS: Readonly<Record<VisitMissingKey, string>> = {
  operating_status: '经营状态',
  side_marked: '边界标注',
  side_reason: '与系统判定不一致的理由',
  side_note: '理由为“其他”时的情况说明',
  inspectors: '巡查员',
  visited_at: '核查时间',
  future: '核查时间不能晚于今天',
}

/** Hands a visit in: all or nothing. The parcel takes over a mark that it does not have yet. */
export async function fileVisit(store: Store, input: { id: string; base_rev: number; values: Values }) {
  const before = requireVisit(store, input.id)
  refuseClosed(before)
  const parcelId = before.record['parcel_id']
  const { result, edit } = await store.mutate(
    { label: 'visit_filed', values: { name: before.parcel_code ?? before.enterprise_name ?? '' } },
    tx => {
      const now = store.now().toISOString()
      const rev = tx.update(
        'survey_visit',
        input.id,
        {
          ...saidIn(input.values),
          status: 'SUBMITTED',
          submitted_by: store.profile().user,
          submitted_at: now,
          reviewed_by: null,
          reviewed_at: null,
        },
        { baseRev: input.base_rev },
      )
      const visit = findRecord(tx.db, 'survey_visit', { id: input.id })!
      const parcel = typeof parcelId === 'string' ? findRecord(tx.db, 'parcel', { id: parcelId }) : undefined
      const computed = (parcel?.['side'] as string | null | undefined) ?? null
      const missing = missingOfVisit(visit, { computed, now })
      if (missing.length > 0) {
        const words = missing.map(key => MISSING_WORDS[key]).join('、')
        throw new AppError('refused', `还不能提交，请补充：${words}`, {
          reason: 'visit_incomplete',
          field: missing[0]! === 'future' ? 'visited_at' : missing[0]!,
          values: { keys: missing.join(','), words },
        })
      }
      if (parcel && parcel['side_marked'] !== visit['side_marked']) {
        const departs = departsFrom(computed, String(visit['side_marked']))
        tx.update('parcel', String(parcelId), {
          side_marked: visit['side_marked'],
          side_mark_reason: departs ? visit['side_reason'] : null,
          side_mark_note: departs ? visit['side_note'] : null,
          side_marked_by: store.profile().user,
          side_marked_at: now,
        })
      }
      return { rev, remarks: remarksOfVisit(visit, picturesOf(tx.db, [input.id]).length) as string[] }
    },
  )
  return { id: input.id, rev: result.rev, edit, remarks: result.remarks }
}

function saidIn(values: Values): Values {
  const said: Values = {}
  for (const [name, value] of Object.entries(values)) {
    if (!(SAID as readonly string[]).includes(name)) {
      throw new AppError('bad_input', `外业核查没有“${name.slice(0, 60)}”这个字段`, {
        reason: 'unknown_field',
        field: name,
      })
    }
    said[name] =
      name === 'inspectors' && Array.isArray(value) ? value.filter(entry => String(entry).trim() !== '') : value
  }
  return said
}

/** Confirms, or returns with a reason. What is still a draft cannot be judged. */
export async function reviewVisit(
  store: Store,
  input: { id: string; base_rev: number; decision: 'CONFIRMED' | 'RETURNED'; reason?: string | undefined },
) {
  const before = requireVisit(store, input.id)
  const status = String(before.record['status'])
  if (status === 'DRAFT')
    throw new AppError('refused', '外业核查还是草稿，不能审核', { reason: 'visit_not_handed_in', values: { status } })
  if (input.decision === 'RETURNED' && !input.reason?.trim())
    throw new AppError('bad_input', '退回要写明理由', { reason: 'required', field: 'reason' })
  const name = before.parcel_code ?? before.enterprise_name ?? ''
  const label = input.decision === 'CONFIRMED' ? 'visit_confirmed' : 'visit_returned'
  const { result, edit } = await store.mutate({ label, values: { name }, reason: input.reason }, tx =>
    tx.update(
      'survey_visit',
      input.id,
      {
        status: input.decision,
        reviewed_by: store.profile().user,
        reviewed_at: store.now().toISOString(),
        review_note: input.reason?.trim() || null,
      },
      { baseRev: input.base_rev },
    ),
  )
  return { id: input.id, rev: result, edit }
}

/** Keeps a drawn signature as an attachment of the visit; a later one of the same person takes the earlier one's place. */
export async function signVisit(store: Store, input: { id: string; name: string; png: string }) {
  const visit = requireVisit(store, input.id)
  refuseClosed(visit)
  const bytes = Buffer.from(input.png.replace(/^data:image\/png;base64,/, ''), 'base64')
  const damaged = (): AppError => new AppError('bad_input', '签名图片无法识别', { reason: 'signature_damaged' })
  if (bytes.length === 0 || bytes.length > MAX_SIGNATURE_BYTES || photoType(bytes) !== 'image/png') throw damaged()
  const size = pixelSize(bytes, 'image/png')
  if (!size || size.width * size.height === 0 || size.width * size.height > MAX_SIGNATURE_PIXELS) throw damaged()
  const folder = await mkdtemp(join(tmpdir(), 'lowland-sign-'))
  try {
    const file = join(folder, `${randomUUID()}.png`)
    await writeFile(file, bytes)
    const kept = await keepOriginal(store.file, file)
    const name = visit.parcel_code ?? visit.enterprise_name ?? ''
    const { result, edit } = await store.mutate({ label: 'visit_signed', values: { name, who: input.name } }, tx => {
      const record = findRecord(tx.db, 'survey_visit', { id: input.id })!
      const earlier = signaturesOf(record['signature'])
      for (const { attachment_id } of earlier.filter(one => one.name === input.name))
        if (findRecord(tx.db, 'attachment', { id: attachment_id })) tx.remove('attachment', attachment_id)
      const attachment = tx.create('attachment', {
        sha256: kept.sha256,
        file_name: `签名-${input.name}.png`,
        mime: 'image/png',
        size: kept.size,
        kind: 'signature',
        caption: input.name,
        taken_at: store.now().toISOString(),
        owner_entity: 'survey_visit',
        owner_id: input.id,
        submitted: false,
      })
      const signed = {
        name: input.name,
        attachment_id: attachment,
        sha256: kept.sha256,
        at: store.now().toISOString(),
      }
      const rev = tx.update('survey_visit', input.id, {
        signature: [...earlier.filter(one => one.name !== input.name), signed],
      })
      return { rev, attachment }
    })
    return { id: input.id, rev: result.rev, edit, attachment_id: result.attachment }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function signaturesOf(value: unknown): { name: string; attachment_id: string }[] {
  if (!Array.isArray(value)) return []
  return value.filter(entry => typeof entry?.name === 'string' && typeof entry?.attachment_id === 'string')
}

/** What was handed in stays as it was said; it is returned first, or another visit is made. */
function refuseClosed({ record }: VisitEntry): void {
  if (record['status'] === 'DRAFT' || record['status'] === 'RETURNED') return
  throw new AppError('refused', '外业核查已提交，退回后才能修改', {
    reason: 'visit_handed_in',
    values: { status: String(record['status']) },
  })
}

function requireVisit(store: Store, id: string): VisitEntry {
  const entry = visitById(store.read, id)
  if (entry) return entry
  throw new AppError('not_found', '找不到外业核查，可能已被删除', { reason: 'visit_not_found', values: { id } })
}
