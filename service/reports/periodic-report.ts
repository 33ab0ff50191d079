/**
 * 月报表, 季度通报 and 年度考核评分表 (domain §11.7, 5–7) as one report model. Figures by the counting rules of §11.4. What
 * this makes is a draft and says so, with the time of its data; `publish.ts` freezes it.
 */

import { chinaDate, chinaMinute } from '../../shared/lib/china-time.ts'
import { cautionInWords } from '../../shared/report/cautions.ts'
import { type Report, SIGNATURE } from '../../shared/report/model.ts'
import { type PeriodicInput, periodBefore, periodInWords, periodKey, periodRange } from '../../shared/report/periods.ts'
import type { Store } from '../db/store.ts'
import { unitNames } from '../zones/zones-repo.ts'
import { annualPart } from './periodic-annual.ts'
import { comparison } from './periodic-compare.ts'
import { monthlyPart } from './periodic-monthly.ts'
import { basisOf, type PeriodicData, periodicCautions } from './periodic-parts.ts'
import { quarterlyPart } from './periodic-quarterly.ts'
import { progressEntries, targetsOf } from './progress-repo.ts'
import { newestPublished, noteRows } from './published-repo.ts'

const NAMES = { monthly: '低效用地整治月报表', quarterly: '低效用地整治季度通报', annual: '低效用地整治年度考核评分表' }
const PARTS = { monthly: monthlyPart, quarterly: quarterlyPart, annual: annualPart }

export function periodicTitle(input: PeriodicInput): string {
  return `${NAMES[input.kind]}(${periodInWords(input)})`
}

/** The report of a period from the data as they are now. */
export async function buildPeriodicReport(store: Store, input: PeriodicInput): Promise<Report> {
  const data = periodicData(store, input)
  const part = await PARTS[input.kind](data)
  const cautions = [...periodicCautions(data), ...(part.cautions ?? [])]
  const against = comparison(data, part.table)
  const basis = basisOf(store)
  return {
    title: periodicTitle(input),
    header: [
      ['单位', '全市'],
      ['年度', String(input.year)],
      ['截至日期', data.period.asOf],
      ['状态', `草稿(数据截至 ${chinaMinute(store.now())})`],
      ['面积口径', '椭球面积'],
      ['边界版本', basis.boundary ?? '—'],
      ['填表人', store.profile().user || '—'],
      ['审核人', '—'],
    ],
    summary: part.table,
    notes: [
      `制表日期 ${chinaDate(store.now())}；数据修订号 ${basis.revision}；识别规则 ${basis.rules ?? '—'}。在整治、待验收、逾期数、整改闭环和连片区域数为截至日期当日的状态，按流转记录和登记日期。`,
      ...cautions.map(cautionInWords),
      ...part.notes,
      ...against.notes,
    ],
    cautions,
    chapters:
      part.sections.length + against.sections.length === 0
        ? []
        : [{ title: '附：说明', code: '说明', sections: [...part.sections, ...against.sections] }],
    zones: [],
    signature: SIGNATURE,
    provenance: { boundaryId: basis.boundary_id, revision: basis.revision, zoneIds: [] },
  }
}

export function periodicData(store: Store, input: PeriodicInput): PeriodicData {
  const db = store.read
  const range = periodRange(input)
  const today = chinaDate(store.now())
  return {
    store,
    db,
    input,
    period: { ...range, asOf: today < range.to ? today : range.to },
    names: unitNames(db),
    entries: progressEntries(db),
    targets: targetsOf(db, input.year),
    notes: new Map(noteRows(db, periodKey(input)).map(row => [row.unit, row])),
    former: newestPublished(db, input.kind, periodKey(periodBefore(input))),
  }
}
