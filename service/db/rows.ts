/**
 * Rows of entity tables and records of the contract: booleans are 0/1 and lists are JSON text in SQLite. Also the check
 * of every value against its field before it is written; the one place where a wrong type can be refused.
 */
import { AppError } from '../../shared/contract/errors.ts'
import { exhaustive } from '../../shared/lib/exhaustive.ts'
import { ENTITIES, type EntityName } from '../../shared/model/entity.ts'
import { ENUMERATIONS } from '../../shared/model/enumerations.ts'
import type { Field, FieldTable } from '../../shared/model/field.ts'

export type ColumnValue = string | number | null
export type Row = Record<string, ColumnValue | Uint8Array>

/** The table that holds the records of an entity. Parcels are read through a view, which adds the computed side. */
export function tableOf(entity: EntityName): string {
  return entity === 'parcel' ? 'parcel_record' : entity
}

/** What the view adds to the record of a parcel: never to be written there. */
const VIEWED_COLUMNS: ReadonlySet<string> = new Set(['side', 'area_in_m2', 'area_out_m2', 'inside_share', 'subzones'])

/** Names of the fields that stand in the table of an entity, geometry included. */
export function storedNames(entity: EntityName): string[] {
  const names = Object.keys(ENTITIES[entity].fields)
  return entity === 'parcel' ? names.filter(name => !VIEWED_COLUMNS.has(name)) : names
}

const STAMP_COLUMNS = [
  'id',
  'rev',
  'deleted',
  'created_by',
  'created_at',
  'updated_by',
  'updated_at',
  'origin_device',
] as const

/** Stored fields without geometry, in table order. */
export function plainFields(entity: EntityName): [string, Field][] {
  return Object.entries(ENTITIES[entity].fields as FieldTable).filter(([, field]) => field.kind !== 'geometry')
}

const selectLists = new Map<EntityName, string>()

/** Column list of an entity without geometry: pk, stamp, fields; each qualified by `alias`. */
export function selectColumns(entity: EntityName, alias: string): string {
  const key = entity
  let names = selectLists.get(key)
  if (!names) {
    names = ['pk', ...STAMP_COLUMNS, ...plainFields(entity).map(([name]) => name)].join(',')
    selectLists.set(key, names)
  }
  return names
    .split(',')
    .map(name => `${alias}.${name}`)
    .join(', ')
}

/** A row as the contract shows it: booleans, parsed lists, no geometry. */
export function rowToRecord(entity: EntityName, row: Row): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(row)) {
    const field = (ENTITIES[entity].fields as FieldTable)[name]
    if (field?.kind === 'geometry') continue
    record[name] = name === 'deleted' ? value === 1 : fromColumn(field, value as ColumnValue)
  }
  return record
}

export function fromColumn(field: Field | undefined, value: ColumnValue): unknown {
  if (value === null || !field) return value
  if (field.kind === 'boolean') return value === 1
  if (field.kind === 'json' || field.kind === 'codes') return JSON.parse(String(value))
  return value
}

/** The column value for a field, or a refusal that names the field in Chinese and says what is allowed. */
export function toColumn(entity: EntityName, name: string, value: unknown): ColumnValue {
  const field = (ENTITIES[entity].fields as FieldTable)[name]
  if (!field || field.kind === 'geometry') throw refuse(name, name, `没有“${name}”这个字段`, 'unknown_field')
  if (value === undefined || value === null || value === '') {
    if (field.required) throw refuse(name, field.zh, `${field.zh}不能为空`, 'required')
    return null
  }
  switch (field.kind) {
    case 'text':
    case 'ref':
      return checkText(name, field, value)
    case 'date':
    case 'instant':
      return checkDate(name, field, value)
    case 'integer':
    case 'real':
      return checkNumber(name, field, value)
    case 'boolean':
      if (value === true || value === 1 || value === 'true' || value === '是') return 1
      if (value === false || value === 0 || value === 'false' || value === '否') return 0
      throw refuse(name, field.zh, `${field.zh}只能填“是”或“否”`, 'not_boolean')
    case 'code':
      return checkCode(name, field, value)
    case 'codes': {
      const list = Array.isArray(value) ? value : String(value).split(/[,;,;、\s]+/)
      return JSON.stringify(list.map(entry => checkCode(name, field, entry)))
    }
    case 'json':
      return JSON.stringify(value)
    default:
      return exhaustive(field.kind)
  }
}

function checkText(name: string, field: Field, value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw refuse(name, field.zh, `${field.zh}应为文字`, 'not_text')
  const text = String(value).trim()
  if (field.required && text === '') throw refuse(name, field.zh, `${field.zh}不能为空`, 'required')
  if (field.maxLength !== undefined && text.length > field.maxLength) {
    throw refuse(name, field.zh, `${field.zh}最多 ${field.maxLength} 个字`, 'too_long')
  }
  // Nothing but blanks is nothing: stored as such, or a redo of it would differ from the first time.
  return text === '' ? null : text
}

function checkNumber(name: string, field: Field, value: unknown): number {
  const number =
    typeof value === 'number'
      ? value
      : Number(
          String(value)
            .trim()
            .replace(/[,,\s]/g, ''),
        )
  if (!Number.isFinite(number)) throw refuse(name, field.zh, `${field.zh}应为数字`, 'not_number')
  if (field.kind === 'integer' && !Number.isInteger(number))
    throw refuse(name, field.zh, `${field.zh}应为整数`, 'not_integer')
  if (field.min !== undefined && number < field.min)
    throw refuse(name, field.zh, `${field.zh}不能小于 ${field.min}`, 'too_small')
  if (field.max !== undefined && number > field.max)
    throw refuse(name, field.zh, `${field.zh}不能大于 ${field.max}`, 'too_large')
  return number
}

function checkDate(name: string, field: Field, value: unknown): string {
  const text = String(value).trim()
  const parts = /^(\d{4})-(\d{2})-(\d{2})(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.exec(text)
  const real = parts !== null && isCalendarDate(text.slice(0, 10))
  if (!parts || !real || (field.kind === 'date' && text.length !== 10)) {
    throw refuse(name, field.zh, `${field.zh}应为日期，如 2026-03-31`, 'not_date')
  }
  return text
}

function checkCode(name: string, field: Field, value: unknown): string {
  const list = ENUMERATIONS[field.enumeration!]
  const text = String(value)
  const entry = list.find(item => item.code === text || item.zh === text)
  if (!entry) {
    const allowed = list.map(item => item.zh).join('、')
    throw refuse(name, field.zh, `${field.zh}不能是“${text.slice(0, 40)}”，可填：${allowed}`, 'not_in_list')
  }
  return entry.code
}

function refuse(field: string, label: string, message: string, reason: string): AppError {
  return new AppError('bad_input', message, { reason, field, values: { field: label } })
}

/** True for a date that exists (no 31 February), given as yyyy-mm-dd. */
function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}
