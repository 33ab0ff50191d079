/**
 * What each role may see and do (domain §11.2), as one table: which procedures, which records, whose rows. Pure: the service
 * enforces it (`service/roles`), the window shows it as disabled with the reason. A laptop knows who sits before it only by
 * the profile: these rules keep people to their part, they are no lock; the hub holds rows back by enrolment.
 */
import type { EntityName } from '../../model/entity.ts'
import type { CodeOf } from '../../model/enumerations.ts'

export type Role = CodeOf<'role'>

export interface Person {
  readonly role: Role
  /** Null: all units. */
  readonly unit: string | null
  readonly department: string | null
}

const EVERYBODY: readonly Role[] = ['inspector', 'clerk', 'township', 'department', 'manager', 'leader']
/** Who works on the ground and on the files of a township. */
const FIELD: readonly Role[] = ['inspector', 'clerk', 'township', 'manager']
const OFFICE: readonly Role[] = ['clerk', 'township', 'manager']
const COUNTY: readonly Role[] = ['clerk', 'manager']
const WRITERS: readonly Role[] = [...FIELD, 'department']

/** Procedures by area; what is not named here is for managers alone, so that a new one is never open by accident. */
export const PROCEDURES: Readonly<Record<string, Readonly<Record<string, readonly Role[]>>>> = {
  survey: {
    info: EVERYBODY,
    create: EVERYBODY,
    open: EVERYBODY,
    openDemo: EVERYBODY,
    recent: EVERYBODY,
    updateCampaign: COUNTY,
    setProfile: EVERYBODY,
    settings: EVERYBODY,
    setSettings: EVERYBODY,
    backup: EVERYBODY,
    restore: EVERYBODY,
    check: EVERYBODY,
  },
  events: { subscribe: EVERYBODY },
  records: { get: EVERYBODY, update: WRITERS, create: WRITERS, remove: WRITERS, history: EVERYBODY },
  edits: { state: EVERYBODY, undo: WRITERS, redo: WRITERS },
  parcels: {
    previewGeometry: EVERYBODY,
    neighbours: EVERYBODY,
    reshape: FIELD,
    split: FIELD,
    splitAtBoundary: FIELD,
    merge: FIELD,
    cutOut: FIELD,
    list: EVERYBODY,
    keys: EVERYBODY,
    outlines: EVERYBODY,
    detail: EVERYBODY,
    at: EVERYBODY,
    proposeCode: EVERYBODY,
    create: FIELD,
    markSide: FIELD,
    link: FIELD,
    unlink: FIELD,
  },
  enterprises: { list: EVERYBODY, groups: EVERYBODY, detail: EVERYBODY, create: FIELD, saveYear: FIELD },
  plans: {
    list: EVERYBODY,
    detail: EVERYBODY,
    draft: FIELD,
    save: WRITERS,
    fill: FIELD,
    submit: ['township', 'manager', 'clerk', 'inspector'],
    review: ['department', 'manager'],
    versions: EVERYBODY,
    compare: EVERYBODY,
    templates: EVERYBODY,
    saveTemplate: COUNTY,
  },
  boundaries: {
    layers: EVERYBODY,
    compare: EVERYBODY,
    review: EVERYBODY,
    list: EVERYBODY,
    activate: COUNTY,
    classify: COUNTY,
    outlines: EVERYBODY,
  },
  zones: {
    detect: EVERYBODY,
    list: EVERYBODY,
    detail: EVERYBODY,
    create: OFFICE,
    addMembers: OFFICE,
    removeMembers: OFFICE,
    merge: OFFICE,
    split: OFFICE,
    setOutline: OFFICE,
    bounds: EVERYBODY,
    contiguity: EVERYBODY,
    quota: EVERYBODY,
  },
  imports: {
    inspect: FIELD,
    run: OFFICE,
    batches: EVERYBODY,
    undo: OFFICE,
    issues: EVERYBODY,
    issuesReport: FIELD,
    preview: FIELD,
    repair: OFFICE,
  },
  reports: {
    zones: EVERYBODY,
    zonesCheck: EVERYBODY,
    periodic: EVERYBODY,
    register: EVERYBODY,
    registerCheck: EVERYBODY,
    importAssessment: COUNTY,
    assessmentTable: EVERYBODY,
    published: EVERYBODY,
    publishCheck: EVERYBODY,
    publish: ['manager'],
    notes: EVERYBODY,
    saveNote: ['clerk', 'township', 'manager'],
    plan: EVERYBODY,
    ledger: EVERYBODY,
    map: EVERYBODY,
    mapPreview: EVERYBODY,
  },
  exports: { run: EVERYBODY },
  attachments: {
    add: WRITERS,
    list: EVERYBODY,
    one: EVERYBODY,
    propose: EVERYBODY,
    describe: WRITERS,
    remove: WRITERS,
  },
  basemaps: {
    list: EVERYBODY,
    add: EVERYBODY,
    relocate: EVERYBODY,
    update: EVERYBODY,
    reorder: EVERYBODY,
    remove: EVERYBODY,
  },
  onlineBasemaps: {
    offers: EVERYBODY,
    add: EVERYBODY,
    change: EVERYBODY,
    cache: EVERYBODY,
    clear: EVERYBODY,
    estimate: EVERYBODY,
    download: EVERYBODY,
  },
  search: { query: EVERYBODY },
  themes: { counts: EVERYBODY },
  identify: {
    run: EVERYBODY,
    rules: EVERYBODY,
    versions: EVERYBODY,
    readRules: EVERYBODY,
    writeRules: EVERYBODY,
    saveRules: COUNTY,
  },
  books: { checks: EVERYBODY },
  scoring: {
    standard: EVERYBODY,
    saveStandard: COUNTY,
    readStandard: EVERYBODY,
    writeStandard: EVERYBODY,
    run: EVERYBODY,
  },
  sync: {
    status: EVERYBODY,
    record: EVERYBODY,
    enroll: EVERYBODY,
    setMode: EVERYBODY,
    run: EVERYBODY,
    bundleExport: FIELD,
    bundleImport: FIELD,
    bundleInspect: EVERYBODY,
    outbox: EVERYBODY,
    dismiss: WRITERS,
    conflicts: EVERYBODY,
    conflict: EVERYBODY,
    resolve: WRITERS,
  },
  visits: {
    list: EVERYBODY,
    start: EVERYBODY,
    file: FIELD,
    review: ['township', 'manager'],
    sign: FIELD,
    waiting: EVERYBODY,
  },
  dashboard: {
    figures: EVERYBODY,
    items: EVERYBODY,
    picture: EVERYBODY,
    targets: EVERYBODY,
    saveTargets: COUNTY,
    importTargets: COUNTY,
    targetTable: EVERYBODY,
  },
  freed: {
    list: EVERYBODY,
    accept: ['clerk', 'township', 'department', 'manager'],
    keepOne: ['clerk', 'township', 'department', 'manager'],
    report: EVERYBODY,
  },
  loop: {
    detail: EVERYBODY,
    list: EVERYBODY,
    take: ['township', 'department', 'manager'],
    opinion: ['department', 'manager'],
    related: EVERYBODY,
    work: EVERYBODY,
    exported: EVERYBODY,
    totals: EVERYBODY,
  },
}

/** True when a role may call `area.name`. */
export function mayCall(role: Role, area: string, name: string): boolean {
  const known = Object.hasOwn(PROCEDURES, area) ? PROCEDURES[area]! : {}
  return Object.hasOwn(known, name) ? known[name]!.includes(role) : role === 'manager'
}

/** True when every role may call it: those procedures read. */
export function isForAll(area: string, name: string): boolean {
  return EVERYBODY.every(role => mayCall(role, area, name))
}

const RECORDS: Partial<Record<EntityName, readonly Role[]>> = {
  parcel: FIELD,
  occupancy: FIELD,
  enterprise: FIELD,
  enterprise_year: FIELD,
  survey_visit: FIELD,
  attachment: WRITERS,
  plan: WRITERS,
  measure: FIELD,
  milestone: FIELD,
  compliance_check: WRITERS,
  idle_case: WRITERS,
  reclamation: ['clerk', 'township', 'department', 'manager'],
  standard_land: ['clerk', 'township', 'department', 'manager'],
  freed_land: ['clerk', 'township', 'department', 'manager'],
  small_park: OFFICE,
  two_high: OFFICE,
  zone: OFFICE,
  zone_member: FIELD,
  list_entry: OFFICE,
  state_change: ['township', 'department', 'manager'],
  approval: ['department', 'manager'],
  acceptance: ['department', 'manager'],
  look_back: ['township', 'manager'],
  campaign: COUNTY,
  report_unit: COUNTY,
  boundary_version: COUNTY,
  boundary_feature: COUNTY,
  rule_set: COUNTY,
  score_standard: COUNTY,
  published_report: ['manager'],
  monthly_snapshot: ['manager'],
  report_note: ['clerk', 'township', 'manager'],
  assessment_table: COUNTY,
  target: COUNTY,
  plan_template: COUNTY,
}

/** Dimensions that a department answers for; 经信 and the townships answer for none by themselves. */
const DIMENSIONS: Readonly<Record<string, readonly string[]>> = {
  YJ: ['AQ', 'XF'],
  ST: ['HB'],
  SC: ['ZL'],
  FG: ['NY'],
  JX: ['NY'],
  ZG: ['YD'],
  SW: ['SS'],
  JS: ['JZ'],
  ZF: ['JZ'],
}
/** Land records of the planning bureau. */
const OF_PLANNING: ReadonlySet<EntityName> = new Set(['idle_case', 'reclamation', 'standard_land'])
/** What a department writes on somebody else's plan. */
const SIGNATURES: ReadonlySet<string> = new Set(['route_signed_by', 'approval_doc'])

/** Why a record may not be written: a key of the catalogue (`reason.role_<key>`); null when it may. */
export type NotAllowed = 'records' | 'dimension' | 'department' | 'planning' | 'review' | 'signature' | null

/** By role, department and what is written; whose row it is says `isOwnRow`. `values` are those after the change. */
export function mayWriteRecord(
  person: Person,
  entity: EntityName,
  fields: readonly string[] = [],
  values: Readonly<Record<string, unknown>> = {},
): NotAllowed {
  const { role, department } = person
  const known = RECORDS[entity] ?? ['manager']
  if (!known.includes(role)) return 'records'
  if (entity === 'survey_visit' && fields.includes('status')) {
    const isReview = values['status'] === 'CONFIRMED' || values['status'] === 'RETURNED'
    if (isReview && role !== 'township' && role !== 'manager') return 'review'
  }
  if (entity === 'approval') {
    const own = role === 'manager' ? 'JX' : department
    if (values['department'] !== undefined && values['department'] !== own) return 'department'
  }
  if (entity === 'plan' && fields.includes('status') && ['approved', 'returned'].includes(String(values['status']))) {
    if (role !== 'manager' && role !== 'department') return 'review'
  }
  if (role !== 'department') return null
  if (entity === 'compliance_check') {
    const dimension = values['dimension']
    if (dimension !== undefined && !(DIMENSIONS[department ?? ''] ?? []).includes(String(dimension))) return 'dimension'
  }
  if (OF_PLANNING.has(entity) && department !== 'ZG') return 'planning'
  if (entity === 'plan' && fields.some(field => !SIGNATURES.has(field) && field !== 'status')) return 'signature'
  return null
}

/** Inspectors and township reviewers write rows of their own unit, and rows of which nobody has said whose they are. */
export function isOwnRow(person: Person, unit: string | null): boolean {
  const isBound = (person.role === 'inspector' || person.role === 'township') && person.unit !== null
  return !isBound || unit === null || unit === '' || unit === person.unit
}

/** Personal data (names, telephones): for who works with the people, in the own unit. */
export function maySeePersonal(person: Person, unit: string | null): boolean {
  if (person.role === 'department' || person.role === 'leader') return false
  return isOwnRow(person, unit)
}

/** 张** and 138****78: enough to recognise, too little to use. */
export function masked(value: string): string {
  const signs = [...value]
  if (signs.length <= 4) return `${signs[0] ?? ''}**`
  return `${signs.slice(0, 3).join('')}****${signs.slice(-2).join('')}`
}
