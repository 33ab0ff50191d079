/** Turns the properties of one feature or row into field values by a mapping; what fits nowhere goes to `extra`. Pure. */
import { readHeading, type TargetFields } from '../../shared/import/headings.ts'
import { foldValue, type NamedUnit, type Reading, readUnit, readValue } from '../../shared/import/values.ts'
import { ENUMERATIONS } from '../../shared/model/enumerations.ts'
import type { Field } from '../../shared/model/field.ts'
import type { RawProblem } from '../formats/format.ts'
import { isDerivedColumn } from './targets.ts'

export interface MappedValues {
  values: Record<string, unknown>
  /** Unmapped and unreadable attributes by column; undefined when there are none. */
  extra: Record<string, unknown> | undefined
  /** Cells of mapped columns that could not be read, by column. */
  unread: Record<string, unknown>
  problems: (RawProblem & { field?: string })[]
  /** Units that were converted, by column heading. */
  converted: Map<string, string>
}

type FieldMapper = (properties: Record<string, unknown>) => MappedValues

const UNIT_FIELDS = new Set(['unit', 'town'])
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/**
 * Compiles a mapping (target field → column). Fields in the mapping that the kind does not have are passed over.
 * `keepsExtra` only words the messages: does the record have a place for what was not understood?
 */
export function createMapper(
  targets: TargetFields,
  mapping: Readonly<Record<string, string>>,
  units: readonly NamedUnit[],
  keepsExtra: boolean,
): FieldMapper {
  const steps = Object.entries(mapping)
    .filter(([name]) => targets[name])
    .map(([name, column]) => ({ name, column, field: targets[name]!, unit: readHeading(column).unit }))
  const mappedColumns = new Set(steps.map(step => step.column))
  const known = new Map<string, string | undefined>()
  const unitOf = (text: string) => {
    if (!known.has(text)) known.set(text, readUnit(units, text))
    return known.get(text)
  }
  return properties => {
    const result: MappedValues = { values: {}, extra: undefined, unread: {}, problems: [], converted: new Map() }
    for (const { name, column, field, unit } of steps) {
      const cell = properties[column]
      const reading = UNIT_FIELDS.has(name) ? readUnitValue(name, field, cell, unitOf) : readValue(field, cell, unit)
      if (reading.value !== null) result.values[name] = reading.value
      if (reading.converted !== undefined) result.converted.set(column, reading.converted)
      if (!reading.problem) continue
      result.problems.push({
        code: codeOf(reading.problem),
        severity: 'warning',
        field: name,
        message: problemText(field, column, cell, reading.problem) + (keepsExtra ? ',原值存入其他属性' : ',未导入'),
        values: { column: column.slice(0, 40), value: foldValue(cell).slice(0, 40) },
      })
      keep(result, column, cell)
      result.unread[column] = result.extra![column]
    }
    for (const column in properties) {
      if (mappedColumns.has(column) || isDerivedColumn(column)) continue
      const value = properties[column]
      if (value === null || value === undefined || value === '') continue
      if (column === 'id' && typeof value === 'string' && UUID.test(value)) continue
      keep(result, column, value)
    }
    return result
  }
}

function keep(result: MappedValues, column: string, value: unknown): void {
  result.extra ??= {}
  result.extra[column] = value instanceof Date ? value.toISOString().slice(0, 10) : value
}

/** Units are stored by code. A township may stay a name; a scored unit must be one of the survey's. */
function readUnitValue(
  name: string,
  field: Field,
  cell: unknown,
  unitOf: (text: string) => string | undefined,
): Reading {
  const text = foldValue(cell)
  const plain = readValue(field, cell, null)
  if (plain.value === null) return plain
  const code = unitOf(text)
  if (code !== undefined) return { value: code }
  return name === 'town' ? plain : { value: null, problem: 'unknown_unit' }
}

function codeOf(problem: NonNullable<Reading['problem']>): string {
  switch (problem) {
    case 'not_in_list':
      return 'invalid_enum'
    case 'unknown_unit':
      return 'unknown_unit'
    default:
      return 'invalid_value'
  }
}

function problemText(field: Field, column: string, cell: unknown, problem: NonNullable<Reading['problem']>): string {
  const shown = foldValue(cell).slice(0, 40)
  const head = `“${column.slice(0, 40)}”列的“${shown}”`
  switch (problem) {
    case 'not_number':
      return `${head}不是数字`
    case 'not_integer':
      return `${head}不是整数`
    case 'not_date':
      return `${head}不是完整的日期`
    case 'not_boolean':
      return `${head}不是“是”或“否”`
    case 'not_in_list': {
      const list = field.enumeration ? ENUMERATIONS[field.enumeration].map(item => item.zh).join('、') : ''
      return `${head}不是${field.zh}的可选值(${list})`
    }
    case 'unknown_unit':
      return field.unit ? `${head}的单位与${field.zh}(${field.unit})不符` : `${head}不是本次调查的考核单位`
    case 'too_small':
      return `${head}小于${field.zh}的下限 ${field.min}`
    case 'too_large':
      return `${head}大于${field.zh}的上限 ${field.max}`
    case 'too_long':
      return `${head}超过${field.zh}的最大长度 ${field.maxLength}`
  }
}
