/** Geometry blobs against a GeoPackage written by GDAL (test/fixtures/gpkg): its AREA column was computed by others. */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { planarAreaM2 } from '../../shared/geometry/area.ts'
import { decodeGeometry, encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { boxOf } from '../../shared/geometry/types.ts'

const GOLDEN = join(import.meta.dirname, '../fixtures/gpkg/poly_golden.gpkg')

interface Row {
  fid: number
  geom: Uint8Array
  AREA: number
}

function readGolden(): Row[] {
  const database = new Database(GOLDEN, { readonly: true })
  try {
    return database.prepare('SELECT fid, geom, AREA FROM poly ORDER BY fid').all() as Row[]
  } finally {
    database.close()
  }
}

test('polygons of a GeoPackage by others have the areas of its own column', () => {
  const rows = readGolden()
  expect(rows.length).toBe(10)
  for (const { geom, AREA } of rows) {
    const area = planarAreaM2(decodeGeometry(geom))
    // The column is a rounded single-precision number, and one ring in it turns the other way round.
    expect(Math.abs(area - Math.abs(AREA)) / area).toBeLessThan(1e-6)
  }
})

test('our header has the envelope and the flags that GDAL writes, and the vertices come back bit for bit', () => {
  for (const { geom } of readGolden()) {
    const polygons = decodeGeometry(geom)
    const encoded = encodeGeometry(polygons, 27700)
    expect([...encoded.subarray(0, 40)]).toEqual([...geom.subarray(0, 40)])
    // GDAL's WKB is the single polygon that ours holds as the only part.
    expect([...encoded.subarray(49)]).toEqual([...geom.subarray(40)])
    expect(decodeGeometry(encoded)).toEqual(polygons)
    expect(boxOf(polygons)[0]).toBe(new DataView(geom.buffer, geom.byteOffset).getFloat64(8, true))
  }
})
