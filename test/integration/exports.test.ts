/** Exports of a real survey: a parcel file comes back unchanged through the import desk; tables keep numbers and disarm formulas. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ExcelJS from 'exceljs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { type ExportKind, exportWriter, PARCEL_HEAD } from '../../service/exports/exports.ts'
import { exportCrs } from '../../service/exports/geojson-text.ts'
import { freeName, logExport, safeFileName, writeWhole } from '../../service/reports/output.ts'
import { type Desk, FIXTURES, openDesk } from './import-fixture.ts'

let desk: Desk
let folder: string
beforeEach(async () => {
  desk = await openDesk('blank')
  folder = mkdtempSync(join(tmpdir(), 'lowland-export-'))
  await desk.run(join(FIXTURES, 'geojson', 'buildings-bern/parcels.geojson'))
})
afterEach(() => {
  desk.close()
  rmSync(folder, { recursive: true, force: true })
})

async function exported(what: ExportKind, name: string, crs = 'EPSG:4490'): Promise<string> {
  const write = exportWriter(what, name.slice(name.lastIndexOf('.')))
  const job = { store: desk.store, crs: exportCrs(crs), unit: undefined, control: createJobControl() }
  return writeWhole(join(folder, name), async temporary => {
    await write(job, temporary)
  })
}

describe('parcels', () => {
  test.each(['EPSG:4490', 'EPSG:4326', 'GCJ02'])('GeoJSON in %s comes back unchanged', async crs => {
    const file = await exported('parcels', 'p.geojson', crs)
    const { features } = JSON.parse(readFileSync(file, 'utf8')) as { features: { properties: object }[] }
    expect(features).toHaveLength(71)
    expect(Object.keys(features[0]!.properties).slice(0, 13)).toEqual([...PARCEL_HEAD])
    expect(await desk.run(file)).toMatchObject({ read: 71, inserted: 0, updated: 0, unchanged: 71, rejected: 0 })
  })

  test('XLSX and CSV: numbers are numbers, text that looks like a formula is disarmed', async () => {
    await desk.store.mutate({ label: 'test' }, tx => {
      const { id } = desk.store.read.prepare('SELECT id FROM parcel ORDER BY pk LIMIT 1').get() as { id: string }
      tx.update('parcel', id, { name: '=HYPERLINK("x")' })
    })
    const book = new ExcelJS.Workbook()
    await book.xlsx.readFile(await exported('parcels', 'p.xlsx'))
    const sheet = book.getWorksheet('地块')!
    expect(sheet.getCell('A1').value).toBe('地块编号')
    // A cell of type text, with no stray sign in front, that stays text when somebody edits it.
    expect(sheet.getCell('B2').value).toBe('=HYPERLINK("x")')
    expect(sheet.getCell('B2').type).toBe(ExcelJS.ValueType.String)
    expect(sheet.getCell('B2').numFmt).toBe('@')
    expect(typeof sheet.getCell('D2').value).toBe('number')
    expect(sheet.rowCount).toBe(72)
    const csv = readFileSync(await exported('parcels', 'p.csv'), 'utf8')
    expect(csv.startsWith('\uFEFF地块编号,')).toBe(true)
    expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
  })
})

test('an unknown extension and an unknown system are refused with what is possible', () => {
  expect(() => exportWriter('parcels', '.shp')).toThrow(/\.geojson/)
  expect(() => exportWriter('enterprises', '.geojson')).toThrow(/\.xlsx/)
  expect(() => exportCrs('EPSG:1')).toThrow(/不支持/)
})

test('nothing is overwritten, a failure leaves nothing behind, every file is in the book', async () => {
  const first = await exported('zones', 'z.geojson')
  expect(freeName(first)).toBe(join(folder, 'z (2).geojson'))
  const failing = writeWhole(join(folder, 'x.txt'), () =>
    Promise.reject(Object.assign(new Error(''), { code: 'ENOSPC' })),
  )
  await expect(failing).rejects.toMatchObject({ code: 'disk_full' })
  expect(readdirSync(folder)).toEqual(['z.geojson'])
  await logExport(desk.store, 'export.zones', first, 0)
  expect(desk.count('export_log')).toBe(1)
})

test('hostile names become harmless file names', () => {
  expect(safeFileName('../a:b*?"<>|\n.')).toBe('_a_b_______')
  expect(safeFileName('con')).toBe('_con')
  expect(safeFileName('')).toBe('_')
})
