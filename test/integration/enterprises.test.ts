import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  createEnterprise,
  enterpriseDetail,
  enterprisePage,
  type ListInput,
  saveYear,
} from '../../service/enterprises/enterprises.ts'
import { usccCheckCharacter } from '../../shared/rules/uscc.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
beforeEach(async () => {
  fixture = await openFixture()
})
afterEach(() => fixture.close())

const page = (input: Partial<ListInput> = {}) =>
  enterprisePage(fixture.store.read, { filter: {}, offset: 0, limit: 200, ...input })

const BODY = '91330781MA28TEST0'.replace('S', '5')
const USCC = BODY + usccCheckCharacter(BODY)

test('a code is proposed when missing, and the next one follows', async () => {
  const first = await createEnterprise(fixture.store, { values: { name: '甲厂' } })
  const second = await createEnterprise(fixture.store, { values: { name: '乙厂' } })
  expect(first.rev).toBe(1)
  expect(page().rows.map(row => row.code)).toEqual(['QY-00001', 'QY-00002'])
  expect(second.edit).not.toBe(first.edit)
})

test('a credit code is normalised, checked and unique', async () => {
  const { store } = fixture
  await createEnterprise(store, { values: { name: '甲厂', uscc: ` ${USCC.toLowerCase()} ` } })
  expect(page().rows[0]!.uscc).toBe(USCC)
  const again = createEnterprise(store, { values: { name: '乙厂', uscc: USCC } })
  await expect(again).rejects.toMatchObject({ code: 'duplicate_code', details: { reason: 'uscc_taken' } })
  const wrong = createEnterprise(store, {
    values: { name: '丙厂', uscc: `${USCC.slice(0, 17)}${USCC[17] === '1' ? '2' : '1'}` },
  })
  await expect(wrong).rejects.toMatchObject({ code: 'bad_input', details: { reason: 'uscc_checksum', field: 'uscc' } })
  expect(page().total).toBe(1)
})

test('an enterprise made from a parcel is tied to it, and an unknown parcel refuses the whole edit', async () => {
  const ids = await createParcels(fixture.store, [{ code: 'A-1', geometry: rectangle(0, 0, 50, 50) }])
  const { id } = await createEnterprise(fixture.store, { values: { name: '甲厂' }, parcel_id: ids.get('A-1')! })
  const detail = enterpriseDetail(fixture.store.read, { id })
  expect(detail.parcels.map(row => [row.parcel.code, row.role])).toEqual([['A-1', 'ACTUAL_USER']])
  const broken = createEnterprise(fixture.store, { values: { name: '乙厂' }, parcel_id: 'nowhere' })
  await expect(broken).rejects.toMatchObject({ code: 'not_found' })
  expect(page().total).toBe(1)
})

test('yearly figures: unknown stays null, zero stays zero, indicators stand beside them', async () => {
  const { store } = fixture
  const { id } = await createEnterprise(store, { values: { name: '甲厂' } })
  await saveYear(store, {
    enterprise_id: id,
    year: 2024,
    base_rev: null,
    values: { scale: 'below', land_mu_actual: 3, tax: 0 },
  })
  await saveYear(store, {
    enterprise_id: id,
    year: 2025,
    base_rev: null,
    values: { scale: 'above', land_mu_actual: 10 },
  })
  const { years } = enterpriseDetail(store.read, { code: 'QY-00001' })
  expect(years.map(year => [year['year'], year['tax'], year['tax_per_mu'], year['eval_scope']])).toEqual([
    [2025, null, null, 'ABOVE'],
    [2024, 0, 0, 'BELOW_GE3'],
  ])
})

test('saving a year again updates it, and a stale form does not overwrite silently', async () => {
  const { store } = fixture
  const { id } = await createEnterprise(store, { values: { name: '甲厂' } })
  const first = await saveYear(store, { enterprise_id: id, year: 2025, base_rev: null, values: { tax: 10 } })
  const year = enterpriseDetail(store.read, { id }).years[0]!
  // A form sends the whole record back, derived figures included.
  const second = await saveYear(store, {
    enterprise_id: id,
    year: 2025,
    base_rev: first.rev,
    values: { ...year, tax: 12 },
  })
  expect(second).toMatchObject({ id: first.id, rev: 2 })
  await expect(
    saveYear(store, { enterprise_id: id, year: 2025, base_rev: null, values: { tax: 99 } }),
  ).rejects.toMatchObject({ code: 'revision_conflict' })
  await expect(
    saveYear(store, { enterprise_id: id, year: 2025, base_rev: 1, values: { tax: 99 } }),
  ).rejects.toMatchObject({ code: 'revision_conflict' })
  expect(enterpriseDetail(store.read, { id }).years[0]!['tax']).toBe(12)
})

test('the list filters, sorts with unknown values last both ways, and counts exactly', async () => {
  const { store } = fixture
  const taxes = [30, null, 10, 20]
  for (const [index, tax] of taxes.entries()) {
    const { id } = await createEnterprise(store, {
      values: {
        name: ['恒兴纺织', '东方机械', '兰溪恒兴化工', '远大'][index],
        unit: index < 2 ? '330781001' : '330781006',
      },
    })
    await saveYear(store, {
      enterprise_id: id,
      year: 2025,
      base_rev: null,
      values: { tax, land_mu_actual: 10, class: index === 3 ? 'D' : 'B' },
    })
  }
  const names = (input: Partial<ListInput>) => page(input).rows.map(row => row.name)
  const up = { field: 'tax_per_mu', descending: false }
  expect(names({ sort: up })).toEqual(['兰溪恒兴化工', '远大', '恒兴纺织', '东方机械'])
  expect(names({ sort: { ...up, descending: true } })).toEqual(['恒兴纺织', '远大', '兰溪恒兴化工', '东方机械'])
  expect(names({ filter: { text: 'hx' } })).toEqual(['恒兴纺织', '兰溪恒兴化工'])
  expect(names({ filter: { text: 'hengxing' } })).toEqual(['恒兴纺织', '兰溪恒兴化工'])
  expect(names({ filter: { text: '恒兴 化工' } })).toEqual(['兰溪恒兴化工'])
  expect(names({ filter: { text: "100%_'" } })).toEqual([])
  expect(names({ filter: { classes: ['D'] } })).toEqual(['远大'])
  expect(page({ filter: { units: ['330781006'] }, limit: 1, offset: 1 })).toMatchObject({ total: 2, years: [2025] })
  expect(names({ filter: { without_parcel: true, without_plan: true } })).toHaveLength(4)
  expect(() => page({ sort: { field: 'rowid; DROP TABLE enterprise', descending: false } })).toThrow(/不能按/)
})

test('figures are those of the latest year with data unless a year is asked for', async () => {
  const { store } = fixture
  const { id } = await createEnterprise(store, { values: { name: '甲厂' } })
  await saveYear(store, { enterprise_id: id, year: 2024, base_rev: null, values: { tax: 1 } })
  await saveYear(store, { enterprise_id: id, year: 2025, base_rev: null, values: { tax: 2 } })
  expect(page().rows[0]).toMatchObject({ year: 2025, tax: 2 })
  expect(page({ filter: { year: 2024 } }).rows[0]).toMatchObject({ year: 2024, tax: 1 })
})
