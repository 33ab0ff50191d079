/** Takes enterprises with the figures of one year and their parcels: matched by code, credit code or name. */
import { proposeUscc } from '../../shared/import/uscc-repair.ts'
import { foldValue } from '../../shared/import/values.ts'
import { ENTERPRISE_FIELDS, ENTERPRISE_YEAR_FIELDS } from '../../shared/model/entities/enterprise.ts'
import { type CheckedFigures, figureFindings, findingInWords } from '../../shared/rules/figure-checks.ts'
import { normalizeUscc, type UsccFault, usccFault } from '../../shared/rules/uscc.ts'
import type { Row } from '../db/rows.ts'
import { prepare } from '../db/sql.ts'
import type { RawFeature } from '../formats/format.ts'
import { foldText } from '../search/search-keys.ts'
import type { Action, RunContext, Sink } from './context.ts'
import type { MappedValues } from './map-fields.ts'
import { NameIndex } from './name-index.ts'
import { changedValues, keepBefore } from './record-matching.ts'

const USCC_FAULTS: Readonly<Record<UsccFault, string>> = {
  length: '应为 18 位',
  characters: '含有代码中不会出现的字符(I、O、S、V、Z)',
  checksum: '校验位不符',
}

type Values = Record<string, unknown>
interface Place {
  index: number
  row: number
}

export class EnterprisesSink implements Sink {
  private readonly context: RunContext
  private readonly seen = new Set<string>()
  private readonly names = new NameIndex()
  /** The latest year of each enterprise in this file so far. */
  private readonly newest = new Map<string, number>()
  private lastCode: number | undefined

  constructor(context: RunContext) {
    this.context = context
  }

  take(feature: RawFeature, { values, unread }: MappedValues): void {
    const { log, counts } = this.context
    const at = { index: feature.index, row: feature.row }
    const enterprise = pick(values, ENTERPRISE_FIELDS)
    this.checkUscc(at, enterprise)
    if (enterprise['unit'] === undefined && this.context.units.some(unit => unit.code === enterprise['town']))
      enterprise['unit'] = enterprise['town']
    const row = this.find(at, enterprise)
    if (row === 'ambiguous') {
      counts.rejected++
      return
    }
    if (!row && typeof enterprise['name'] !== 'string') {
      log.add({ ...at, code: 'required', severity: 'error', field: 'name', message: '没有企业名称，未导入' })
      counts.rejected++
      return
    }
    // A table may hold several years: the same enterprise again is a repetition only for the same year.
    const year = this.context.options.year ?? values['year'] ?? ''
    if (row && this.seen.has(`${String(row['id'])}|${String(year)}`)) {
      const name = String(enterprise['name'] ?? row['name'])
      log.add({
        ...at,
        code: 'duplicate_code',
        severity: 'error',
        message: `企业“${name}”在文件里重复，只导入第一行`,
        values: { name },
        record: String(row['id']),
      })
      counts.rejected++
      return
    }
    const { id, action } = row ? this.update(at, row, enterprise, feature, year) : this.insert(at, enterprise, feature)
    this.seen.add(`${id}|${String(year)}`)
    if (typeof year === 'number') this.newest.set(id, Math.max(year, this.newest.get(id) ?? year))
    const yearAction = this.saveYear(at, id, values, unread, feature)
    const linked = this.linkParcels(at, id, values)
    if (action === 'insert') counts.inserted++
    else if (action === 'update' || yearAction || linked) counts.updated++
    else counts.unchanged++
  }

  /** A faulty code is reported with what it may have been; it is stored as given, never changed silently. */
  private checkUscc(at: Place, enterprise: Values): void {
    const given = enterprise['uscc']
    if (typeof given !== 'string') return
    const uscc = normalizeUscc(given)
    enterprise['uscc'] = uscc
    const fault = usccFault(uscc)
    if (fault === null) return
    const proposal = proposeUscc(uscc)
    const hint = proposal ? `,建议核对是否为 ${proposal}(未自动修改)` : ',请核对'
    this.context.log.add({
      ...at,
      code: 'uscc_invalid',
      severity: 'warning',
      field: 'uscc',
      message: `统一社会信用代码“${uscc}”${USCC_FAULTS[fault]}${hint}`,
      values: { value: uscc, ...(proposal ? { proposal } : {}) },
    })
  }

  private find(at: Place, enterprise: Values): Row | 'ambiguous' | undefined {
    const { tx, options, log } = this.context
    if (options.match === 'none') return undefined
    for (const field of ['code', 'uscc'] as const) {
      const value = enterprise[field]
      if (typeof value !== 'string') continue
      const row = prepare(tx.db, `SELECT * FROM enterprise WHERE ${field} = ? AND deleted = 0`).get(value) as
        | Row
        | undefined
      if (row) return row
      if (field === 'code') return undefined
    }
    const name = enterprise['name']
    if (typeof name !== 'string') return undefined
    const rows = this.names.find(tx.db, name)
    const [row] = rows
    // Two different credit codes are two enterprises, whatever their names.
    const differs =
      row && typeof enterprise['uscc'] === 'string' && row['uscc'] !== null && usccFault(String(row['uscc'])) === null
    if (!row || differs) return undefined
    if (rows.length === 1) return row
    log.add({
      ...at,
      code: 'ambiguous_match',
      severity: 'error',
      message: `有多家企业叫“${name}”，请补充企业编号或信用代码，未导入`,
      values: { name },
    })
    return 'ambiguous'
  }

  private insert(at: Place, enterprise: Values, feature: RawFeature): { id: string; action: Action } {
    const { tx, log } = this.context
    if (enterprise['code'] === undefined) {
      enterprise['code'] = this.nextCode()
      log.add({
        ...at,
        code: 'code_proposed',
        severity: 'info',
        field: 'code',
        message: `没有企业编号，已拟定“${String(enterprise['code'])}”`,
        values: { code: String(enterprise['code']) },
      })
    }
    const { id } = tx.insert('enterprise', { ...enterprise, ...this.provenance(feature) })
    this.names.add(id, enterprise['name'])
    return { id, action: 'insert' }
  }

  /** Another name for a known code is a change of name: the old one stays as 曾用名, and the import says so. */
  private keepFormerName(at: Place, row: Row, values: Values): void {
    const [before, after] = [String(row['name']), values['name']]
    if (typeof after !== 'string' || after === before) return
    if (foldText(after) === foldText(before)) {
      // The same name with brackets of another width: it stays as it was first written.
      delete values['name']
      return
    }
    values['former_name'] = withFormer(values['former_name'] ?? row['former_name'], before, after)
    this.context.log.add({
      ...at,
      code: 'renamed',
      severity: 'info',
      field: 'name',
      message: `企业更名：“${before}”改为“${after}”，原名记入曾用名`,
      values: { name: before },
      record: String(row['id']),
    })
  }

  /** True when the file has had a later year of this enterprise: an older row says nothing about what it is now. */
  private isOlder(id: string, year: unknown): boolean {
    const newest = this.newest.get(id)
    return typeof year === 'number' && newest !== undefined && year < newest
  }

  private update(
    at: Place,
    row: Row,
    enterprise: Values,
    feature: RawFeature,
    year: unknown,
  ): { id: string; action: Action } {
    const { tx, batch } = this.context
    const id = String(row['id'])
    const { code: _code, ...given } = enterprise
    const rest = this.isOlder(id, year) ? formerOnly(row, given) : given
    this.keepFormerName(at, row, rest)
    const changed = changedValues('enterprise', row, rest)
    if (Object.keys(changed).length === 0) return { id, action: 'unchanged' }
    if (row['import_batch'] !== batch) keepBefore(tx.db, batch, 'enterprise', row)
    tx.replace('enterprise', id, { ...changed, ...this.provenance(feature) })
    this.names.add(id, changed['name'])
    return { id, action: 'update' }
  }

  /** Inserts or updates the figures of the year; true when something changed. */
  private saveYear(at: Place, enterpriseId: string, values: Values, unread: Values, feature: RawFeature): boolean {
    const { tx, batch, options, log } = this.context
    const figures = pick(values, ENTERPRISE_YEAR_FIELDS)
    delete figures['import_batch']
    const year = options.year ?? figures['year']
    delete figures['year']
    if (Object.keys(figures).length + Object.keys(unread).length === 0) return false
    if (typeof year !== 'number') {
      log.add({
        ...at,
        code: 'year_missing',
        severity: 'warning',
        field: 'year',
        message: '没有年度，年度数据未导入',
        record: enterpriseId,
      })
      return false
    }
    const row = prepare(
      tx.db,
      'SELECT * FROM enterprise_year WHERE enterprise_id = ? AND year = ? AND deleted = 0',
    ).get(enterpriseId, year) as Row | undefined
    const notes = unreadNotes(row, unread, feature.properties)
    if (notes !== null || row?.['unread'] != null) figures['unread'] = notes
    this.reportFaults(at, enterpriseId, Number(year), row, figures)
    if (!row) {
      tx.insert('enterprise_year', { ...figures, enterprise_id: enterpriseId, year, import_batch: batch })
      return true
    }
    const changed = changedValues('enterprise_year', row, figures)
    if (Object.keys(changed).length === 0) return false
    keepBefore(tx.db, batch, 'enterprise_year', row)
    tx.replace('enterprise_year', String(row['id']), { ...changed, import_batch: batch })
    return true
  }

  /** Figures that contradict each other, against what is stored and the year before; they are imported as they stand. */
  private reportFaults(at: Place, enterpriseId: string, year: number, row: Row | undefined, figures: Values): void {
    const { tx, log } = this.context
    const status = prepare(tx.db, 'SELECT op_status FROM enterprise WHERE id = ?').get(enterpriseId) as Row | undefined
    const before = prepare(
      tx.db,
      'SELECT * FROM enterprise_year WHERE enterprise_id = ? AND year = ? AND deleted = 0',
    ).get(enterpriseId, year - 1) as CheckedFigures | undefined
    const merged = { ...row, ...figures, unread: null } as CheckedFigures
    const context = { op_status: status?.['op_status'] as string | null, before }
    for (const finding of figureFindings(merged, context)) {
      log.add({
        ...at,
        code: 'contradiction',
        severity: 'warning',
        field: finding.field,
        message: findingInWords(finding),
        values: { finding: findingInWords(finding, 'en') },
        record: enterpriseId,
      })
    }
  }

  private linkParcels(at: Place, enterpriseId: string, values: Values): boolean {
    const { tx, batch, log } = this.context
    const cell = values['parcels']
    if (typeof cell !== 'string') return false
    const role = values['occupancy_role'] ?? 'ACTUAL_USER'
    let linked = false
    for (const code of new Set(
      foldValue(cell)
        .split(/[、;;,,\s]+/)
        .map(part => part.trim())
        .filter(Boolean),
    )) {
      const parcel = prepare(tx.db, 'SELECT id FROM parcel WHERE code = ? AND deleted = 0').get(code) as
        | { id: string }
        | undefined
      if (!parcel) {
        log.add({
          ...at,
          code: 'parcel_not_found',
          severity: 'warning',
          field: 'parcels',
          message: `找不到地块“${code.slice(0, 60)}”，未关联`,
          values: { code: code.slice(0, 60) },
          record: enterpriseId,
        })
        continue
      }
      const known = prepare(
        tx.db,
        'SELECT 1 FROM occupancy WHERE enterprise_id = ? AND parcel_id = ? AND deleted = 0',
      ).get(enterpriseId, parcel.id)
      if (known) continue
      tx.insert('occupancy', { enterprise_id: enterpriseId, parcel_id: parcel.id, role, import_batch: batch })
      linked = true
    }
    return linked
  }

  /** QY-00001 …; deleted enterprises keep their codes. */
  private nextCode(): string {
    if (this.lastCode === undefined) {
      const sql =
        "SELECT max(CAST(substr(code, 4) AS INTEGER)) AS number FROM enterprise WHERE code GLOB 'QY-[0-9]*' AND length(code) <= 12"
      this.lastCode = (prepare(this.context.tx.db, sql).get() as { number: number | null }).number ?? 0
    }
    this.lastCode++
    return `QY-${String(this.lastCode).padStart(5, '0')}`
  }

  private provenance(feature: RawFeature): Values {
    return { source_file: this.context.fileName, source_row: feature.row, import_batch: this.context.batch }
  }

  async finish(): Promise<void> {
    // Nothing that needs all rows to be there.
  }
}

function pick(values: Values, fields: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(fields, name)))
}

/** Former names of an older row: the name it had then, when that is another one. */
function formerOnly(row: Row, given: Values): Values {
  const [now, then] = [String(row['name']), given['name']]
  return typeof then === 'string' && then !== now ? { former_name: withFormer(row['former_name'], then, now) } : {}
}

/** 曾用名 with one more name, the newest last; the oldest make room when the field is full. */
function withFormer(stated: unknown, name: string, now: string): string {
  const names = String(stated ?? '')
    .split('、')
    .filter(entry => entry !== '' && entry !== now && entry !== name)
  names.push(name)
  while (names.length > 1 && names.join('、').length > ENTERPRISE_FIELDS.former_name.maxLength!) names.shift()
  return names.join('、')
}

/**
 * What is no figure is not counted and not lost: it stays beside the figures as it stood in the table. A column of this file
 * that can be read now takes its old note away; notes of other columns stay.
 */
function unreadNotes(row: Row | undefined, unread: Values, columns: Values): Values | null {
  const before = typeof row?.['unread'] === 'string' ? (JSON.parse(row['unread']) as Values) : {}
  const kept = Object.entries(before).filter(([column]) => !Object.hasOwn(columns, column))
  const notes = { ...Object.fromEntries(kept), ...unread }
  return Object.keys(notes).length > 0 ? notes : null
}
