/** 合规检查汇总 (domain §11.7, 9): dimension × department × what is not closed, and the list of it. */

import { chinaDate } from '../../../shared/lib/china-time.ts'
import { ENUMERATIONS, labelOf } from '../../../shared/model/enumerations.ts'
import type { Report } from '../../../shared/report/model.ts'
import { all } from '../../db/sql.ts'
import type { Store } from '../../db/store.ts'
import {
  commonCautions,
  numberCells,
  type RegisterColumn,
  type RegisterFilter,
  registerReport,
  registerTable,
  summedCells,
  textCells,
} from './frame.ts'

interface Check {
  readonly unit: string | null
  readonly enterprise: string | null
  readonly dimension: string
  readonly department: string | null
  readonly item: string | null
  readonly result: string
  readonly deadline: string | null
  readonly rectified_at: string | null
}

interface Group {
  readonly dimension: string
  readonly department: string | null
  readonly checks: readonly Check[]
}

const isOpen = (check: Check): boolean => check.result === 'fail' && check.rectified_at === null

export function complianceRegister(store: Store, filter: RegisterFilter): Report {
  const today = chinaDate(store.now())
  const checks = all<Check>(
    store.read,
    `SELECT coalesce(u.name, e.unit) AS unit, e.name AS enterprise, c.dimension, c.department, c.item, c.result, c.deadline, c.rectified_at
     FROM compliance_check c LEFT JOIN plan p ON p.id = c.plan_id LEFT JOIN survey_visit v ON v.id = c.visit_id
       LEFT JOIN enterprise e ON e.id = coalesce(c.enterprise_id, p.enterprise_id, v.enterprise_id)
       LEFT JOIN report_unit u ON u.code = e.unit AND u.deleted = 0
     WHERE c.deleted = 0 AND coalesce(e.deleted, 0) = 0 AND (:unit IS NULL OR e.unit = :unit)
     ORDER BY e.unit, e.code, c.pk`,
    { unit: filter.unit ?? null },
  )
  const isLate = (check: Check): boolean => isOpen(check) && check.deadline !== null && check.deadline < today
  const count = (title: string, take: (check: Check) => boolean) =>
    summedCells<Group>(title, '项', 0, ({ checks: list }) => list.filter(take).length)
  const closed = (list: readonly Check[]): number | null => {
    const failed = list.filter(check => check.result === 'fail')
    return failed.length === 0 ? null : (100 * failed.filter(check => !isOpen(check)).length) / failed.length
  }
  const columns: RegisterColumn<Group>[] = [
    textCells('维度', 1.6, group => labelOf('dimension', group.dimension)),
    textCells('责任部门', 2.2, group => (group.department === null ? null : labelOf('department', group.department))),
    count('检查', () => true),
    count('合格', check => check.result === 'pass'),
    count('不合格', check => check.result === 'fail'),
    count('不适用', check => check.result === 'not_applicable'),
    count('未查', check => check.result === 'unchecked'),
    count('已整改', check => check.result === 'fail' && !isOpen(check)),
    count('未闭环', isOpen),
    count('其中逾期', isLate),
    {
      ...numberCells<Group>('闭环率', '%', 1, group => closed(group.checks)),
      total: rows => closed(rows.flatMap(row => row.checks)),
    },
  ]
  const open = checks.filter(isOpen)
  const list: RegisterColumn<Check>[] = [
    numberCells('序号', '', 0, (_, index) => index + 1),
    textCells('考核单位', 1.8, check => check.unit),
    textCells('企业', 3.2, check => check.enterprise),
    textCells('维度', 1.2, check => labelOf('dimension', check.dimension)),
    textCells('检查内容', 3, check => check.item),
    textCells('责任部门', 1.8, check => (check.department === null ? null : labelOf('department', check.department))),
    textCells('整改期限', 1.7, check => check.deadline),
    textCells('是否逾期', 1.2, check => (check.deadline === null ? null : isLate(check) ? '逾期' : '否')),
  ]
  const table = registerTable(
    '合规检查汇总',
    columns,
    groupsOf(checks),
    '闭环率 = 已整改 ÷ 不合格；没有不合格项的记“—”。未查不作合格计。',
  )
  return registerReport(
    store,
    filter,
    {
      title: '合规检查汇总',
      table,
      chapters: [
        {
          title: '未闭环清单',
          code: '未闭环清单',
          sections: [
            {
              heading: `未闭环 ${open.length} 项`,
              paragraphs: open.length === 0 ? ['没有未闭环的检查项。'] : [],
              tables: open.length === 0 ? [] : [registerTable('未闭环清单', list, open)],
              figures: [],
            },
          ],
        },
      ],
    },
    commonCautions(store, filter, checks.length, false),
  )
}

/** In the order of the dimensions, then of the departments; checks of no department come last. */
function groupsOf(checks: readonly Check[]): Group[] {
  const groups = new Map<string, Group & { checks: Check[] }>()
  for (const check of checks) {
    const key = `${check.dimension} ${check.department ?? ''}`
    const group = groups.get(key) ?? { dimension: check.dimension, department: check.department, checks: [] }
    group.checks.push(check)
    groups.set(key, group)
  }
  const place = (name: 'dimension' | 'department', code: string | null): number => {
    const at = (ENUMERATIONS[name] as readonly { code: string }[]).findIndex(entry => entry.code === code)
    return at < 0 ? 99 : at
  }
  return [...groups.values()].sort(
    (a, b) =>
      place('dimension', a.dimension) - place('dimension', b.dimension) ||
      place('department', a.department) - place('department', b.department),
  )
}
