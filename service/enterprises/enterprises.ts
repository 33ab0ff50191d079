/** What can be done with enterprises and their yearly figures. Reads committed data; every write goes through the store. */
import type { EnterpriseDetail, EnterpriseRow } from '../../shared/contract/enterprises.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { ENTERPRISE_YEAR_FIELDS } from '../../shared/model/entities/enterprise.ts'
import { indicatorsOf } from '../../shared/rules/indicators.ts'
import { normalizeUscc, type UsccFault, usccFault } from '../../shared/rules/uscc.ts'
import type { Db } from '../db/open.ts'
import type { Store } from '../db/store.ts'
import { planSummariesOf } from '../plans/plans-repo.ts'
import { withDoubtful } from './doubtful.ts'
import {
  type EnterpriseFilter,
  type EnterpriseKey,
  enterpriseRecord,
  findEnterprise,
  findEnterpriseByUscc,
  findYear,
  highestCodeNumber,
  isSortable,
  listEnterprises,
  mappedMu,
  parcelExists,
  parcelsOfEnterprise,
  writeEvaluationScope,
  yearRecords,
  yearsWithFigures,
} from './enterprises-repo.ts'

export interface Saved {
  readonly id: string
  readonly rev: number
  readonly edit: string
}

export interface ListInput {
  readonly filter: EnterpriseFilter & { readonly year?: number }
  readonly sort?: { readonly field: string; readonly descending: boolean }
  readonly offset: number
  readonly limit: number
}

/** A page with the exact total. Figures are those of `filter.year`, or of the latest year that has any in this survey. */
export function enterprisePage(db: Db, input: ListInput): { rows: EnterpriseRow[]; total: number; years: number[] } {
  const { sort } = input
  if (sort && !isSortable(sort.field)) {
    throw new AppError('bad_input', `不能按“${sort.field.slice(0, 60)}”排序`, {
      reason: 'unknown_sort',
      field: sort.field,
    })
  }
  const years = yearsWithFigures(db)
  const year = input.filter.year ?? years[0] ?? null
  const filter = withDoubtful(db, input.filter, year)
  const query = { filter, year, sort, offset: input.offset, limit: input.limit }
  return { ...listEnterprises(db, query), years }
}

/** Everything about one enterprise; derived indicators stand beside the stored figures of each year. */
export function enterpriseDetail(db: Db, key: { id?: string; code?: string }): EnterpriseDetail {
  const enterprise = requireEnterprise(db, key)
  return {
    record: enterpriseRecord(db, enterprise.id),
    years: yearRecords(db, enterprise.id).map(year => ({ ...year, ...indicatorsOf(year) })),
    parcels: parcelsOfEnterprise(db, enterprise.id).map(row => ({
      occupancy_id: row.occupancy_id,
      role: row.role,
      used_area_m2: row.used_area_m2,
      parcel: { id: row.id, pk: row.pk, code: row.code, area_m2: row.area_m2, side: row.side, unit: row.unit },
    })),
    mapped_mu: mappedMu(db, enterprise.id),
    plans: planSummariesOf(db, enterprise.id),
  }
}

/** Creates an enterprise, with code proposed when missing, and ties it to a parcel as its actual user when one is given. */
export async function createEnterprise(
  store: Store,
  input: { values: Record<string, unknown>; parcel_id?: string; reason?: string },
): Promise<Saved> {
  const values = { ...input.values }
  if (typeof values['name'] !== 'string' || values['name'].trim() === '') {
    throw new AppError('bad_input', '企业名称不能为空', { reason: 'required', field: 'name' })
  }
  const label = { label: 'enterprise_created', values: { name: values['name'].trim() }, reason: input.reason }
  const { result, edit } = await store.mutate(label, tx => {
    if (isBlank(values['code'])) values['code'] = proposeEnterpriseCode(tx.db)
    else refuseTakenCode(tx.db, String(values['code']).trim())
    if (!isBlank(values['uscc'])) values['uscc'] = checkUscc(tx.db, String(values['uscc']))
    const id = tx.create('enterprise', values)
    if (input.parcel_id !== undefined) {
      if (!parcelExists(tx.db, input.parcel_id)) {
        throw new AppError('not_found', '找不到要关联的地块，可能已被删除', { reason: 'parcel_not_found' })
      }
      tx.create('occupancy', { enterprise_id: id, parcel_id: input.parcel_id, role: 'ACTUAL_USER' })
    }
    return id
  })
  return { id: result, rev: 1, edit }
}

/** The next free code of the form QY-00001. */
export function proposeEnterpriseCode(db: Db): string {
  return `QY-${String(highestCodeNumber(db) + 1).padStart(5, '0')}`
}

/** Inserts or updates the figures of one year as one undoable edit. `base_rev` null means "there are none yet". */
export async function saveYear(
  store: Store,
  input: {
    enterprise_id: string
    year: number
    base_rev: number | null
    values: Record<string, unknown>
    reason?: string
  },
): Promise<Saved> {
  const values = yearValues(input.values)
  const enterprise = requireEnterprise(store.read, { id: input.enterprise_id })
  const label = {
    label: 'enterprise_year_saved',
    values: { name: enterprise.name, year: String(input.year) },
    reason: input.reason,
  }
  const { result, edit } = await store.mutate(label, tx => {
    const existing = findYear(tx.db, enterprise.id, input.year)
    if (existing && input.base_rev === null) {
      throw new AppError('revision_conflict', `${input.year} 年数据已由他人填写，请刷新后再改`, {
        reason: 'year_exists',
        values: { year: input.year, rev: existing.rev },
      })
    }
    if (!existing) {
      const id = tx.create('enterprise_year', { ...values, enterprise_id: enterprise.id, year: input.year })
      writeEvaluationScope(tx.db, id)
      return { id, rev: 1 }
    }
    const rev = tx.update('enterprise_year', existing.id, values, { baseRev: input.base_rev ?? undefined })
    writeEvaluationScope(tx.db, existing.id)
    return { id: existing.id, rev }
  })
  return { ...result, edit }
}

export function requireEnterprise(db: Db, key: { id?: string; code?: string }): EnterpriseKey {
  if (key.id === undefined && key.code === undefined) {
    throw new AppError('bad_input', '需要企业的标识或编号', { reason: 'key_missing' })
  }
  const enterprise = findEnterprise(db, key)
  if (!enterprise) {
    throw new AppError('not_found', `找不到企业“${(key.code ?? key.id ?? '').slice(0, 60)}”`, {
      reason: 'enterprise_not_found',
      values: { key: key.code ?? key.id ?? '' },
    })
  }
  return enterprise
}

const USCC_MESSAGES: Readonly<Record<UsccFault, string>> = {
  length: '统一社会信用代码应为 18 位',
  characters: '统一社会信用代码含有不允许的字符(字母 I、O、S、V、Z 不会出现，请核对是否为数字 1、0、5、2)',
  checksum: '统一社会信用代码校验位不符，请核对是否有输错的字符',
}

/** The normalised code; throws when it is malformed or another live enterprise has it. */
export function checkUscc(db: Db, text: string, exceptId?: string): string {
  const uscc = normalizeUscc(text)
  const fault = usccFault(uscc)
  if (fault) {
    throw new AppError('bad_input', `${USCC_MESSAGES[fault]}:${uscc.slice(0, 40)}`, {
      reason: `uscc_${fault}`,
      field: 'uscc',
      values: { uscc, length: uscc.length },
    })
  }
  const other = findEnterpriseByUscc(db, uscc)
  if (other && other.id !== exceptId) {
    throw new AppError('duplicate_code', `统一社会信用代码 ${uscc} 已属于“${other.name}”(${other.code})`, {
      reason: 'uscc_taken',
      field: 'uscc',
      values: { uscc, name: other.name, code: other.code, id: other.id },
    })
  }
  return uscc
}

function refuseTakenCode(db: Db, code: string): void {
  const other = findEnterprise(db, { code })
  if (!other) return
  throw new AppError('duplicate_code', `企业编号 ${code} 已用于“${other.name}”`, {
    reason: 'enterprise_code_taken',
    field: 'code',
    values: { code, name: other.name, id: other.id },
  })
}

/** Only figures: keys, stamp and derived indicators that a form sends back along with them are not values to be set. */
function yearValues(values: Record<string, unknown>): Record<string, unknown> {
  const fixed = new Set(['enterprise_id', 'year', 'eval_scope'])
  const known = new Set(Object.keys(ENTERPRISE_YEAR_FIELDS).filter(name => !fixed.has(name)))
  const figures: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(values)) {
    if (known.has(name)) figures[name] = value
    else if (!IGNORED.has(name)) {
      throw new AppError('bad_input', `企业年度数据没有“${name.slice(0, 60)}”这个字段`, {
        reason: 'unknown_field',
        field: name,
      })
    }
  }
  return figures
}

const IGNORED: ReadonlySet<string> = new Set([
  'pk',
  'id',
  'rev',
  'deleted',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
  'origin_device',
  'enterprise_id',
  'year',
  'eval_scope',
  ...Object.keys(indicatorsOf({})),
])

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
}
