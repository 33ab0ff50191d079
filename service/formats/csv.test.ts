import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CsvParser, separatorOf } from './csv.ts'
import { findHeader } from './table-header.ts'

const parse = (texts: readonly string[], separator = ',') => {
  const parser = new CsvParser(separator, 'x.csv')
  const rows = texts.flatMap(text => [...parser.push(text)])
  return [...rows, ...parser.end()].map(row => row.cells)
}

test('quotes, doubled quotes, line breaks in cells, all line ends, BOM', () => {
  expect(parse(['\ufeffa,"b ""x"", c","d\ne"\r\n1,,3\rx\n'])).toEqual([
    ['a', 'b "x", c', 'd\ne'],
    ['1', '', '3'],
    ['x'],
  ])
})

test('rows are numbered by lines of the file', () => {
  const parser = new CsvParser(',', 'x.csv')
  expect([...parser.push('a\r\n"b\nb"\r\nc\r\n')].map(row => row.row)).toEqual([1, 2, 4])
})

test('an open quote at the end is a truncated file', () => {
  expect(() => parse(['a,"b'])).toThrow(/引号没有结束/)
})

test.each([
  ['企业名称;税收\n甲;1,5\n乙;2,5\n', ';'],
  ['企业名称\t税收\n甲\t1\n', '\t'],
  ['企业名称,税收\n甲,1\n', ','],
  ['a,b\n"x;y;z",1\n', ','],
])('separator of %j', (text, separator) => {
  expect(separatorOf(text)).toBe(separator)
})

test('any table survives writing and reading, wherever the text is cut', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '兰', '𠮷', '=') })
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 7 }), (rows, size) => {
      const text = rows.map(row => row.map(value => `"${value.replaceAll('"', '""')}"`).join(',')).join('\r\n')
      const signs = [...text]
      const cuts = Array.from({ length: Math.ceil(signs.length / size) }, (_, index) =>
        signs.slice(index * size, (index + 1) * size).join(''),
      )
      expect(parse(cuts)).toEqual(rows)
    }),
  )
})

test('the header is found below titles, with merged groups above and numbers below it', () => {
  const rows = [
    ['企业清单', '企业清单', '企业清单', '企业清单', '企业清单'],
    ['单位：兰江街道', '', '', '', ''],
    ['', '', '', '', ''],
    ['基本情况', '', '2020年', '2021年', ''],
    ['序号', '企业名称', '税收(万元)', '税收(万元)', '备注'],
    ['1', '2', '3', '4', '5'],
    ['1', '某厂', '1.5', '2.5', ''],
  ]
  expect(findHeader(rows)).toEqual({
    headings: ['序号', '企业名称', '2020年/税收(万元)', '2021年/税收(万元)', '2021年/备注'],
    dataFrom: 6,
  })
})
