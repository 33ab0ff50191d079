/**
 * How one field of an entity is described. One table of fields per entity serves the write path (validation), the
 * import desk (recognised headings), forms, tables and exports, so that a field is added in one place.
 */
import type { EnumerationName } from './enumerations.ts'

export type FieldKind =
  | 'text'
  | 'integer'
  | 'real'
  | 'boolean'
  | 'date'
  | 'instant'
  | 'code'
  | 'codes'
  | 'json'
  | 'ref'
  | 'geometry'

/** Values as they stand in a record: codes and dates are text, booleans are booleans, JSON fields are parsed. */
export type FieldValue =
  | string
  | number
  | boolean
  | null
  | readonly unknown[]
  | { readonly [key: string]: unknown }
  | Uint8Array

export interface Field {
  readonly kind: FieldKind
  readonly zh: string
  readonly en: string
  readonly required?: boolean
  readonly enumeration?: EnumerationName
  /** Entity this id points at. */
  readonly ref?: string
  /** Inclusive limits of numbers. */
  readonly min?: number
  readonly max?: number
  readonly maxLength?: number
  /** Unit symbol for display: 'm²', '亩', '万元', 'tce', '%', 'kWh' … */
  readonly unit?: string
  /** Decimals shown. */
  readonly decimals?: number
  /** Computed by the service from other fields; never set by a person and not in the change log. */
  readonly derived?: boolean
  /** Shown only to roles that may see personal data. */
  readonly personal?: boolean
  /** An identifier, not words: imports store it in half width, as it is compared. */
  readonly identifier?: boolean
  /** Headings and field names under which imports may carry it (lower case, without units). */
  readonly aliases?: readonly string[]
}

export type FieldTable = Readonly<Record<string, Field>>

type Options = Omit<Field, 'kind' | 'zh' | 'en'>

const make =
  (kind: FieldKind) =>
  (zh: string, en: string, options: Options = {}): Field => ({ kind, zh, en, ...options })

export const text = make('text')
export const integer = make('integer')
export const real = make('real')
export const boolean = make('boolean')
export const date = make('date')
export const instant = make('instant')
export const json = make('json')
export const geometry = make('geometry')

/** One code of an enumeration. */
export const code = (zh: string, en: string, enumeration: EnumerationName, options: Options = {}): Field => ({
  kind: 'code',
  zh,
  en,
  enumeration,
  ...options,
})

/** Several codes of an enumeration, stored as a JSON array. */
export const codes = (zh: string, en: string, enumeration: EnumerationName, options: Options = {}): Field => ({
  kind: 'codes',
  zh,
  en,
  enumeration,
  ...options,
})

/** The id of a record of another entity. */
export const ref = (zh: string, en: string, entity: string, options: Options = {}): Field => ({
  kind: 'ref',
  zh,
  en,
  ref: entity,
  ...options,
})
