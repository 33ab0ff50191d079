import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEnterprise } from '../../service/enterprises/enterprises.ts'
import { searchRecords } from '../../service/search/search.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
beforeEach(async () => {
  fixture = await openFixture()
  const ids = await createParcels(fixture.store, [
    {
      code: '330781001-2026-0001',
      unit: '330781001',
      name: '恒兴一厂地块',
      location: '兰江街道殿山村',
      geometry: rectangle(0, 0, 100, 100),
    },
    { code: '330781001-2026-0010', unit: '330781001', geometry: rectangle(500, 0, 100, 100) },
    {
      code: '330781006-2026-0001',
      unit: '330781006',
      location: '女埠街道午塘村',
      geometry: rectangle(5000, 0, 100, 100),
    },
  ])
  await createEnterprise(fixture.store, {
    values: {
      name: '兰溪恒兴纺织有限公司',
      former_name: '长兴布厂；红旗织造',
      unit: '330781001',
      uscc: '91350100M000100Y43',
      address: '兰江街道横山路8号',
    },
    parcel_id: ids.get('330781001-2026-0010')!,
  })
  await createEnterprise(fixture.store, { values: { name: '恒兴', unit: '330781006' } })
})
afterEach(() => fixture.close())

const titles = (text: string, limit = 20) => searchRecords(fixture.store.read, text, limit).map(result => result.title)

test('initials, full pinyin, parts of names and former names all find the enterprise', () => {
  for (const text of [
    'lxhx',
    'LXHXFZ',
    'lanxihengxing',
    'hengxing fang',
    '纺织',
    '布厂',
    'cxbc',
    'hqzz',
    'QY-00001',
    '91350100M000100Y43',
    'm000100y',
    '横山路',
  ]) {
    expect(titles(text), text).toContain('兰溪恒兴纺织有限公司')
  }
})

test('an exact name comes before names that only contain it, and those before initials', () => {
  expect(titles('恒兴')).toEqual(['恒兴', '恒兴一厂地块', '兰溪恒兴纺织有限公司'])
})

test('an exact code comes first, then codes that begin with it', () => {
  expect(titles('330781001-2026-0001')[0]).toBe('恒兴一厂地块')
  const codes = searchRecords(fixture.store.read, '330781001', 20).map(result => result.code)
  expect(codes[0]).toBe('330781001')
  expect(codes.slice(1)).toEqual(['330781001-2026-0010', '330781001-2026-0001'])
})

test('a unit is found by name and by initials with the box of its parcels', () => {
  const [unit] = searchRecords(fixture.store.read, 'nbjd', 20)
  expect(unit).toMatchObject({ entity: 'report_unit', code: '330781006', title: '女埠街道' })
  expect(unit!.box![0]).toBeGreaterThan(119.5)
})

test('an enterprise flies to its parcels, one without parcels has no box', () => {
  const [exact, , contains] = searchRecords(fixture.store.read, '恒兴', 20)
  expect(exact!.box).toBeNull()
  expect(contains!.box![0]).toBeCloseTo(119.45 + 500 / 97_300, 4)
})

test('places, two-character words, wildcards and blanks', () => {
  expect(titles('午塘')).toEqual(['330781006-2026-0001'])
  expect(titles('dscun')).toEqual([])
  expect(titles('%')).toEqual([])
  expect(titles("'; DROP TABLE parcel; --")).toEqual([])
  expect(titles('   ')).toEqual([])
  expect(titles('恒兴', 1)).toEqual(['恒兴'])
})

test('a removed record and an old name are no longer found', async () => {
  const { store } = fixture
  const [found] = searchRecords(store.read, '恒兴', 1)
  await store.mutate({ label: 'renamed' }, tx => tx.update('enterprise', found!.id, { name: '东方机械' }))
  expect(titles('恒兴')).not.toContain('恒兴')
  expect(titles('dfjx')).toEqual(['东方机械'])
  await store.mutate({ label: 'removed' }, tx => tx.remove('enterprise', found!.id))
  expect(titles('dfjx')).toEqual([])
})
