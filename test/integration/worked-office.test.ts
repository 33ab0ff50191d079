/** LibreOffice works the formulas of the worked example out anew and comes to the values that the fixture holds. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../fixtures/worked')

async function valuesOf(file: string): Promise<Record<string, unknown>> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.readFile(file)
  const values: Record<string, unknown> = {}
  for (const sheet of book.worksheets) {
    sheet.eachRow(row =>
      row.eachCell(cell => {
        const value = cell.type === ExcelJS.ValueType.Formula ? cell.result : cell.value
        values[`${sheet.name}!${cell.address}`] = typeof value === 'number' ? Number(value.toPrecision(12)) : value
      }),
    )
  }
  return values
}

test('the fixture is what its maker and LibreOffice make', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lowland-worked-'))
  try {
    const again = join(folder, 'again.xlsx')
    execFileSync(process.execPath, [join(FOLDER, 'make-workbook.ts'), again])
    const values = await valuesOf(again)
    expect(Object.keys(values).length).toBeGreaterThan(1000)
    expect(values).toEqual(await valuesOf(join(FOLDER, 'worked-example.xlsx')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
