/**
 * The steps of what the invented list closed (销号), and of what stands for its look-back since. A pass after all others: ids come
 * from the county's own source of chance, and stay what they were. What had been closed in May has its work dated before that.
 * No look-backs are asked of what was closed in November: the demo, opened years later, moves nobody by the calendar.
 */
import type { BulkTransaction } from '../../service/db/bulk.ts'
import { all, run } from '../../service/db/sql.ts'
import { M2_PER_MU } from '../../shared/rules/closed-loop/counting.ts'
import { insertStep, LISTED_DOC, PATH } from './evidence.ts'
import type { Random } from './random.ts'

/** Closed early enough that the look-back of 180 days is due. */
const EARLY_PATH = [
  ...PATH.slice(0, 3),
  ['S3', 'S4', '2022-04-12', 'township'],
  ['S4', 'S5', '2022-04-19', 'manager'],
  ['S5', 'S6', '2022-05-11', 'township'],
  ['S6', 'S7', '2022-05-16', 'manager'],
  ['S7', 'S8', '2022-11-12', null],
] as const
const LATE_PATH = [...PATH, ['S6', 'S7', '2022-11-25', 'manager']] as const

interface Closed {
  id: string
  state: string
  enterprise: string
  plan: string | null
  land_m2: number | null
  tce: number | null
}

export function insertClosings(tx: BulkTransaction, random: Random): void {
  const closed = all<Closed>(
    tx.db,
    `SELECT l.id, l.state, l.enterprise_id AS enterprise, p.id AS plan, a.freed_tce AS tce,
       (SELECT total(json_extract(j.value, '$.area_m2')) FROM json_each(a.accepted_land) j WHERE NOT EXISTS (SELECT 1 FROM occupancy o
         WHERE o.enterprise_id = e.id AND o.role = 'TENANT' AND o.parcel_id = json_extract(j.value, '$.parcel_id'))) AS land_m2
     FROM list_entry l JOIN enterprise e ON e.id = l.enterprise_id
       LEFT JOIN plan p ON p.enterprise_id = e.id LEFT JOIN acceptance a ON a.plan_id = p.id
     WHERE l.state IN ('S7', 'S8') ORDER BY e.code`,
  )
  for (const { id, state, enterprise, plan, land_m2, tce } of closed) {
    if (state === 'S8' && plan !== null) bringForward(tx, enterprise, plan)
    const path = state === 'S8' ? EARLY_PATH : LATE_PATH
    for (const [from, to, on, role] of path)
      insertStep(tx, random, id, [from, to, on, role], to === 'S3' ? { doc_no: LISTED_DOC } : {})
    tx.replace('list_entry', id, {
      counted_at: path.find(([, to]) => to === 'S7')![2],
      counted_mu: land_m2 === null ? null : land_m2 / M2_PER_MU,
      counted_tce: tce,
    })
  }
}

/** Opinions, work and its proof before the closing in May. */
function bringForward(tx: BulkTransaction, enterprise: string, plan: string): void {
  const sets = [
    ['approval', "decided_on = '2022-04-18'", 'plan_id', plan],
    ['measure', "done_at = '2022-05-09', due_date = min(due_date, '2022-05-10')", 'plan_id', plan],
    [
      'milestone',
      "date_actual = min(date_actual, '2022-04-30'), date_planned = min(date_planned, '2022-04-30')",
      'plan_id',
      plan,
    ],
    [
      'reclamation',
      "started_on = '2022-04-20', finished_on = '2022-05-04', accepted_on = '2022-05-07'",
      'plan_id',
      plan,
    ],
    [
      'compliance_check',
      "deadline = '2022-05-06', rectified_at = '2022-05-05'",
      "result = 'fail' AND enterprise_id",
      enterprise,
    ],
    ['attachment', "taken_at = '2022-05-10T10:00:00'", "taken_at > '2022-05-16T23' AND owner_id", enterprise],
  ] as const
  for (const [table, values, column, id] of sets) run(tx.db, `UPDATE ${table} SET ${values} WHERE ${column} = ?`, [id])
}
