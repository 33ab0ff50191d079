import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ENTERPRISE_FIELDS, ENTERPRISE_YEAR_FIELDS } from '../model/entities/enterprise.ts'
import { PARCEL_FIELDS } from '../model/entities/parcel.ts'
import { LANXI_UNITS } from '../model/lanxi-units.ts'
import { usccCheckCharacter } from '../rules/uscc.ts'
import { LINKED_PARCELS, proposeMapping, readHeading, STATED_AREA } from './headings.ts'
import { proposeUscc } from './uscc-repair.ts'
import { isUnknown, readDate, readNumber, readUnit, readValue, unitFactor } from './values.ts'

const YEAR = ENTERPRISE_YEAR_FIELDS

describe('headings', () => {
  test('the columns of the survey unit list are recognised by name and by short field name', () => {
    const named = [
      '调查单元编号',
      '所在镇(街道)',
      '所在调查区编号',
      '包含宗地编号',
      '面积',
      '使用状况',
      '土地登记时间',
      '登记面积',
      '权属性质',
      '容积率',
      '建筑密度',
    ]
    expect(proposeMapping({ ...PARCEL_FIELDS, stated_area_m2: STATED_AREA }, named)).toMatchObject({
      dcdybh: '调查单元编号',
      town: '所在镇(街道)',
      dcqbh: '所在调查区编号',
      zdbh: '包含宗地编号',
      stated_area_m2: '面积',
      use_state: '使用状况',
      reg_date: '土地登记时间',
      area_registered_m2: '登记面积',
      ownership: '权属性质',
      far: '容积率',
      density: '建筑密度',
    })
    expect(
      proposeMapping(PARCEL_FIELDS, ['DCDYBH', 'XZMC', 'ZDBH', 'SYZK', 'CQR', 'BDCQZ', 'DJSJ', 'DJMJ', 'QSXZ', 'RJL']),
    ).toMatchObject({
      dcdybh: 'DCDYBH',
      town: 'XZMC',
      zdbh: 'ZDBH',
      use_state: 'SYZK',
      right_holder: 'CQR',
      cert_no: 'BDCQZ',
      reg_date: 'DJSJ',
      area_registered_m2: 'DJMJ',
      ownership: 'QSXZ',
      far: 'RJL',
    })
  })

  test('enterprise headings with units, blanks, years and full-width signs', () => {
    const targets = { ...ENTERPRISE_FIELDS, ...ENTERPRISE_YEAR_FIELDS, parcels: LINKED_PARCELS }
    const columns = [
      '序号',
      '*企业名称(盖章)',
      '统一 信用代码',
      '所属镇街',
      '实际用地面积(亩)',
      '2020年税收(万元)',
      '2021年税收(万元)',
      '综合能耗(吨标准煤)',
      '地块编号',
    ]
    expect(proposeMapping(targets, columns, 2021)).toMatchObject({
      name: '*企业名称(盖章)',
      uscc: '统一 信用代码',
      town: '所属镇街',
      land_mu_actual: '实际用地面积(亩)',
      tax: '2021年税收(万元)',
      energy_tce: '综合能耗(吨标准煤)',
      parcels: '地块编号',
    })
    expect(readHeading('2021年/税收(万元)')).toMatchObject({ plain: '税收', unit: '万元', year: 2021 })
  })
})

describe('values', () => {
  test.each(['', ' ', '—', '-', '--', '/', '空', 'N/A', '暂无', null, undefined])('%j is unknown, never 0', cell => {
    expect(readValue(YEAR.tax, cell, null)).toEqual({ value: null })
  })

  test.each([
    ['0', 0],
    ['1,234.50', 1234.5],
    ['１２３．４', 123.4],
    ['-3.5', -3.5],
    ['12.3万元', 12.3],
    ['123000元', 12.3],
    [5, 5],
  ])('%j is the number %d', (cell, number) => {
    expect(readValue(YEAR.tax, cell, null).value).toBe(number)
  })

  test.each(['abc', '12abc', '1,23', '12-13', '1.2.3', '=1+1'])('%j is no number', cell => {
    expect(readValue(YEAR.tax, cell, null)).toEqual({ value: null, problem: 'not_number' })
  })

  test('units of headings convert, and only between like kinds', () => {
    expect(readValue(YEAR.land_mu_actual, '2000', '平方米')).toEqual({ value: 3, converted: '平方米' })
    expect(readValue(YEAR.land_mu_actual, '0.7655公顷', null).value).toBeCloseTo(11.4825, 10)
    expect(readValue(YEAR.power_kwh, '1.5', '万kwh').value).toBe(15000)
    expect(readValue(YEAR.tax, '5', '亩')).toEqual({ value: null, problem: 'unknown_unit' })
    expect(unitFactor('亩', '说明')).toBe(1)
  })

  test.each([
    ['2021-3-5', '2021-03-05'],
    ['2021/03/05 12:00:00', '2021-03-05'],
    ['2021.3.5', '2021-03-05'],
    ['2021年3月5日', '2021-03-05'],
    ['20210305', '2021-03-05'],
    ['44260', '2021-03-05'],
    [new Date('2021-03-05T00:00:00Z'), '2021-03-05'],
  ])('%j is a date', (cell, date) => {
    expect(readDate(cell)).toBe(date)
  })

  test.each(['2021-02-30', '2021年3月', '2021', '不详'])('%j names no day', cell => {
    expect(readDate(cell)).toBeUndefined()
  })

  test('codes by code, label, short label', () => {
    expect(readValue(YEAR.class, 'A', null).value).toBe('A')
    expect(readValue(YEAR.class, 'b类', null).value).toBe('B')
    expect(readValue(YEAR.class, 'D类(倒逼整治)', null).value).toBe('D')
    expect(readValue(YEAR.scale, '规上', null).value).toBe('above')
    expect(readValue(PARCEL_FIELDS.use_state, '2', null).value).toBe('2')
    expect(readValue(PARCEL_FIELDS.use_state, '空置', null).value).toBe('2')
    expect(readValue(PARCEL_FIELDS.ineff_types, '亩均税收低、T3', null).value).toEqual(['T1', 'T3'])
    expect(readValue(YEAR.class, 'E', null)).toEqual({ value: null, problem: 'not_in_list' })
    expect(readValue(ENTERPRISE_FIELDS.in_park, '无', null).value).toBe(false)
  })

  test('units by name, short name, address and code', () => {
    for (const text of ['330781001', '兰江街道', '兰江', '兰溪市兰江街道', ' 兰江 街道 ', '330781001003']) {
      expect(readUnit(LANXI_UNITS, text)).toBe('330781001')
    }
    expect(readUnit(LANXI_UNITS, '水亭畲族乡')).toBe('330781203')
    expect(readUnit(LANXI_UNITS, '水亭')).toBe('330781203')
    expect(readUnit(LANXI_UNITS, '某某镇')).toBeUndefined()
    expect(readUnit(LANXI_UNITS, '兰溪')).toBeUndefined()
  })

  test('numbers survive any thousands grouping', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), number => {
        expect(readNumber(number.toLocaleString('en-US'))?.number).toBe(number)
        expect(isUnknown(String(number))).toBe(false)
      }),
    )
  })
})

describe('credit code repair', () => {
  const body = '91330781MA28D1A20'
  const code = body + usccCheckCharacter(body)

  test('look-alike letters and a missing check character', () => {
    expect(proposeUscc(code.replaceAll('0', 'O'))).toBe(code)
    expect(proposeUscc(code.replace('1', 'I'))).toBe(code)
    expect(proposeUscc(body)).toBe(code)
  })

  test('nothing is proposed for a right code or one that is simply wrong', () => {
    expect(proposeUscc(code)).toBeNull()
    expect(proposeUscc('12345')).toBeNull()
    const wrong = code.slice(0, 5) + (code[5] === '8' ? '9' : '8') + code.slice(6)
    expect(proposeUscc(wrong)).toBeNull()
  })
})
