/** What the closed loop knows of one list entry when it judges a step: plain data, read by the service, days and instants ISO. */
import type { CodeOf } from '../../model/enumerations.ts'
import type { PlanMissing, Route } from '../plan-rules.ts'

export type State = CodeOf<'state'>
export type Role = CodeOf<'role'>

export interface EntryFacts {
  readonly id: string
  readonly state: State
  readonly list_year: number | null
  readonly batch: string | null
  /** Rules hit, with their inputs. */
  readonly hits: number
  readonly exclusion_reason: string | null
  readonly listed_doc: string | null
  readonly publicity_from: string | null
  readonly publicity_to: string | null
}

export interface StepFacts {
  readonly from_state: string | null
  readonly to_state: string
  readonly happened_on: string
  readonly at: string
  readonly reason: string | null
  readonly doc_no: string | null
}

export interface PhotoFacts {
  /** Same bytes, same picture, however often it was taken in. */
  readonly sha256: string
  readonly kind: string | null
  readonly stage: string | null
  readonly longitude: number | null
  readonly latitude: number | null
  readonly created_at: string
  /** The very same picture also stands as evidence of somebody else. */
  readonly shared: boolean
}

export interface MeasureFacts {
  readonly id: string
  readonly position: number
  readonly type: string
  readonly done_at: string | null
}

export interface AcceptanceFacts {
  readonly id: string
  readonly accepted_on: string | null
  readonly conclusion: string | null
  readonly doc_no: string | null
  readonly created_at: string
  /** Departments of the group, each once. */
  readonly departments: readonly string[]
  readonly land: readonly { readonly parcel_id: string; readonly area_m2: number }[] | null
}

export interface PlanFacts {
  readonly id: string
  readonly code: string
  readonly year: number
  readonly status: string
  readonly route: string | null
  readonly route_reason: string | null
  readonly route_signed_by: string | null
  readonly default_route: Route | null
  readonly due_date: string | null
  readonly remark: string | null
  readonly freed_mu: number | null
  readonly target_tax_per_mu: number | null
  readonly target_energy_tce: number | null
  readonly baseline_year: number | null
  readonly departments: readonly string[]
  readonly parcel_ids: readonly string[]
  /** What the plan itself lacks before it can be submitted. */
  readonly missing: readonly PlanMissing[]
  readonly measures: readonly MeasureFacts[]
  readonly milestones: readonly { readonly type: string; readonly date_actual: string | null }[]
  /** In order of time. */
  readonly approvals: readonly { readonly department: string; readonly decision: string; readonly created_at: string }[]
  readonly acceptances: readonly AcceptanceFacts[]
}

export interface LoopFacts {
  /** Day on which the step would happen. */
  readonly today: string
  readonly entry: EntryFacts
  readonly enterprise: { readonly id: string; readonly name: string; readonly unit: string | null }
  /** In order of time. */
  readonly steps: readonly StepFacts[]
  readonly years: readonly {
    readonly year: number
    readonly land_mu_actual: number | null
    readonly tax: number | null
    readonly energy_tce: number | null
  }[]
  readonly parcels: readonly {
    readonly id: string
    readonly code: string
    readonly area_m2: number
    readonly side_marked: string | null
    readonly disputed: boolean
  }[]
  /** `inspectors`: how many different people were there. */
  readonly visits: readonly { readonly id: string; readonly status: string; readonly inspectors: number }[]
  readonly photos: readonly PhotoFacts[]
  readonly checks: readonly {
    readonly dimension: string
    readonly result: string
    readonly rectified_at: string | null
  }[]
  /** The plan that the state is about: in S5 and later the newest approved one, before that the newest. */
  readonly plan: PlanFacts | null
  readonly reclamations: readonly {
    readonly parcel_id: string
    readonly accepted_on: string | null
    readonly acceptance_doc: string | null
    readonly new_farmland_m2: number | null
    /** Reclaimed; null: the whole parcel. */
    readonly area_m2: number | null
    readonly paddy_m2: number | null
    readonly dry_m2: number | null
    /** Of the parcel, outside the boundary; null while its side is not known. */
    readonly area_out_m2: number | null
  }[]
  readonly look_backs: readonly {
    readonly id: string
    readonly due_date: string
    readonly done_at: string | null
    readonly result: string | null
  }[]
}

/** What a step lacks: a key of the UI catalogue (`loop.missing.<key>`), its values, and where to put it right. */
export interface Missing {
  readonly key: string
  readonly values?: Readonly<Record<string, string | number>>
  readonly place: Place
}

/** Where the window jumps: a record and, where it is a field, the field; `input` is a field of the step itself. */
export interface Place {
  readonly entity:
    | 'enterprise'
    | 'parcel'
    | 'plan'
    | 'visit'
    | 'check'
    | 'photo'
    | 'acceptance'
    | 'look_back'
    | 'input'
    | 'approval'
  readonly id?: string
  readonly field?: string
}

/** The day of the newest step into a state, or null. */
export function lastStepInto(facts: LoopFacts, state: State): StepFacts | null {
  return facts.steps.filter(step => step.to_state === state).at(-1) ?? null
}
