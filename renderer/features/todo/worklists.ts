/** What waits for somebody: each worklist asks the service for its rows and says where a row leads. */
import type { LoopMissing } from '../../../shared/contract/loop.ts'
import type { ServiceAccess } from '../../app/service-context.ts'

type Client = ServiceAccess['client']

export const WORKLISTS = [
  'my_drafts',
  'to_visit',
  'to_review',
  'missing_evidence',
  'overdue',
  'look_back',
  'unproved',
  'drafts',
  'review',
  'disagree',
  'crossing',
  'unplanned',
  'unlinked',
] as const
export type Worklist = (typeof WORKLISTS)[number]

export interface WorkItem {
  readonly id: string
  readonly entity: 'parcel' | 'enterprise' | 'plan'
  readonly title: string
  readonly unit: string | null
  /** Codes whose words the window knows: side, state or status, and a due date. */
  readonly status: {
    readonly enumeration: 'side' | 'state' | 'plan_status' | 'visit_status'
    readonly code: string | null
  }
  readonly due: string | null
  /** The enterprise whose land the map shows; a parcel shows itself. */
  readonly enterprise_id: string | null
  /** Of the closed loop: what is missing, in the words of its checklist. */
  readonly missing?: readonly LoopMissing[]
}

export interface WorkPage {
  readonly total: number
  readonly items: readonly WorkItem[]
}

export const WORK_SHOWN = 100

/** The rows of one list, of one unit or of all. Counts are exact, rows are the first `WORK_SHOWN`. */
export async function worklist(client: Client, name: Worklist, unit: string | null): Promise<WorkPage> {
  const units = unit === null ? undefined : [unit]
  const page = { offset: 0, limit: WORK_SHOWN }
  switch (name) {
    case 'my_drafts':
    case 'to_review':
    case 'missing_evidence':
    case 'overdue':
    case 'look_back':
    case 'unproved': {
      const { total, items } = await client.loop.work({ list: name, unit, limit: WORK_SHOWN })
      return {
        total,
        items: items.map(({ plan_status, state, missing, ...item }) => ({
          ...item,
          status:
            plan_status === null
              ? { enumeration: 'state', code: state }
              : { enumeration: 'plan_status', code: plan_status },
          missing,
        })),
      }
    }
    case 'to_visit': {
      const { total, rows } = await client.visits.waiting({ ...page, unit })
      return {
        total,
        items: rows.map(row => ({
          id: row.parcel_id,
          entity: 'parcel',
          title: `${row.code} ${row.enterprise_name}`,
          unit: row.unit,
          status: { enumeration: 'visit_status', code: row.status },
          due: null,
          enterprise_id: null,
        })),
      }
    }
    case 'drafts':
    case 'review': {
      const statuses = name === 'drafts' ? ['draft', 'returned'] : ['submitted']
      const { total, rows } = await client.plans.list({ ...page, statuses, units })
      return {
        total,
        items: rows.map(plan => ({
          id: plan.id,
          entity: 'plan',
          title: plan.enterprise_name,
          unit: plan.unit,
          status: { enumeration: 'plan_status', code: plan.status },
          due: plan.due_date,
          enterprise_id: plan.enterprise_id,
        })),
      }
    }
    case 'disagree':
    case 'crossing': {
      const filter =
        name === 'disagree' ? { side_disagrees: true, units } : { sides: ['crossing' as const], unmarked: true, units }
      const { total, rows } = await client.parcels.list({ ...page, filter })
      return {
        total,
        items: rows.map(parcel => ({
          id: parcel.id,
          entity: 'parcel',
          title: `${parcel.code} ${parcel.enterprises ?? parcel.name ?? ''}`.trim(),
          unit: parcel.unit,
          status: { enumeration: 'side', code: parcel.side },
          due: null,
          enterprise_id: null,
        })),
      }
    }
    case 'unplanned':
    case 'unlinked': {
      const filter =
        name === 'unplanned' ? { states: ['S3'], without_plan: true, units } : { without_parcel: true, units }
      const { total, rows } = await client.enterprises.list({ ...page, filter })
      return {
        total,
        items: rows.map(enterprise => ({
          id: enterprise.id,
          entity: 'enterprise',
          title: enterprise.name,
          unit: enterprise.unit,
          status: { enumeration: 'state', code: enterprise.state },
          due: null,
          enterprise_id: enterprise.id,
        })),
      }
    }
  }
}
