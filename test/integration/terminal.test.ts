/**
 * The main job through the terminal, as a process, on data that we did not make: Columbia County's townships against the
 * county line, checked by other libraries (geographiclib for areas, GEOS for what lies inside), and Budapest's lots.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import geographiclib from 'geographiclib-geodesic'
import { afterAll, describe, expect, it } from 'vitest'
import { loadGeos } from '../../service/geos/geos.ts'
import { toEqualAreaPlane } from '../../shared/geometry/equal-area.ts'
import { toFlat } from '../../shared/geometry/types.ts'

const root = join(import.meta.dirname, '../..')
const fixtures = join(root, 'test/fixtures/geojson')
const folder = mkdtempSync(join(tmpdir(), 'lowland-terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function lowland(survey: string, ...words: string[]): { status: number; json: Record<string, never> } {
  const args = [join(root, 'cli/main.ts'), ...words, '--survey', join(folder, survey), '--json']
  const env = { ...process.env, LOWLAND_DATA: join(folder, 'data') }
  try {
    return {
      status: 0,
      json: JSON.parse(execFileSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString()),
    }
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer }
    return { status: failed.status, json: JSON.parse(failed.stdout.toString()) }
  }
}

interface Exported {
  features: {
    properties: Record<string, number | string | null>
    geometry: { type: 'MultiPolygon'; coordinates: [number, number][][][] }
  }[]
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** Geodesic area in m² by geographiclib on CGCS2000. */
function geodesicArea(polygons: [number, number][][][]): number {
  const ellipsoid = new geographiclib.Geodesic.Geodesic(6378137, 1 / 298.257222101)
  const ringArea = (ring: [number, number][]): number => {
    const polygon = ellipsoid.Polygon(false)
    for (const [lng, lat] of ring.slice(0, -1)) polygon.AddPoint(lat, lng)
    return Math.abs(polygon.Compute(false, true).area ?? Number.NaN)
  }
  return polygons.reduce(
    (sum, [shell, ...holes]) => sum + ringArea(shell!) - holes.reduce((inner, hole) => inner + ringArea(hole), 0),
    0,
  )
}

describe('the terminal on real data', () => {
  it('imports, classifies, zones and exports; areas and shares agree with other libraries', {
    timeout: 120_000,
  }, async () => {
    const survey = 'oregon.lowland'
    const county = join(fixtures, 'oregon-county/county.geojson')
    expect(lowland(survey, 'init', '--campaign', 'blank').json).toMatchObject({ units: 0 })
    const parcels = lowland(
      survey,
      'import',
      'parcels',
      join(fixtures, 'oregon-county/townships.geojson'),
      '--crs',
      'EPSG:4326',
    ).json
    expect(parcels).toMatchObject({ read: 25, inserted: 25, rejected: 0 })
    expect(
      lowland(
        survey,
        'import',
        'boundary',
        county,
        '--name',
        'Columbia County',
        '--effective',
        '2020-01-01',
        '--crs',
        'EPSG:4326',
      ).status,
    ).toBe(0)
    const sides = lowland(survey, 'classify').json as Record<string, number>
    expect(sides['inside']! + sides['outside']! + sides['crossing']!).toBe(25)
    const zones = lowland(survey, 'zones', 'detect', '--gap', '50', '--min-mu', '1', '--year', '2026', '--save')
      .json as unknown as { zones: { parcels: string[] }[] }
    expect(zones.zones.reduce((sum, zone) => sum + zone.parcels.length, 0)).toBeGreaterThan(20)
    const out = join(folder, 'out.geojson')
    expect(lowland(survey, 'export', 'parcels', out).json).toMatchObject({ written: 25 })

    const geos = await loadGeos()
    const line = geos.union(
      read(county).features.map((feature: Exported['features'][number]) => toEqualAreaPlane(toFlat(feature.geometry))),
    )
    for (const { properties, geometry } of (read(out) as Exported).features) {
      const area = geodesicArea(geometry.coordinates)
      expect(Math.abs(Number(properties['area_m2']) / area - 1), String(properties['code'])).toBeLessThan(2e-7)
      const parcel = toEqualAreaPlane(toFlat(geometry))
      const share = geos.area(geos.intersection(parcel, line)) / geos.area(parcel)
      // Exported coordinates are rounded to 1e-9 degrees; the stored ones agree to 1e-9.
      expect(Math.abs(Number(properties['inside_share']) - share), String(properties['code'])).toBeLessThan(1e-8)
      expect(Number(properties['area_in_m2']) + Number(properties['area_out_m2'])).toBeCloseTo(
        Number(properties['area_m2']),
        6,
      )
    }
    expect(lowland(survey, 'import', 'parcels', out, '--crs', 'EPSG:4490').json).toMatchObject({
      inserted: 0,
      updated: 0,
      unchanged: 25,
    })
    expect(lowland(survey, 'check').json).toEqual({ ok: true, problems: [] })
  })

  it('writes one edit, shows it with its history, and takes a batch back', { timeout: 120_000 }, () => {
    const survey = 'budapest.lowland'
    lowland(survey, 'init', '--campaign', 'blank')
    const imported = lowland(
      survey,
      'import',
      'parcels',
      join(fixtures, 'parcels-budapest/parcels_foti_141_04.geojson'),
      '--crs',
      'EPSG:4326',
    ).json as unknown as { batch: string; inserted: number; issues: { code: string }[] }
    expect(imported.inserted).toBe(209)
    expect(imported.issues.some(issue => issue.code === 'overlap')).toBe(true)
    const year = new Date().getFullYear()
    const code = `DK-${year}-0001`
    expect(
      lowland(survey, 'set', 'parcel', code, 'side_marked=inside', 'name=第一地块', '--reason', '现场核实').json,
    ).toHaveProperty('revision')
    expect(lowland(survey, 'show', 'parcel', code).json).toMatchObject({ name: '第一地块', side_marked: 'inside' })
    const history = lowland(survey, 'history', 'parcel', code).json as unknown as { changes: { label: string }[] }
    expect(history.changes.map(change => change.label)).toEqual(['updated', 'side_marked', 'imported'])
    const refused = lowland(survey, 'import', 'batch', 'undo', imported.batch)
    expect(refused).toMatchObject({ status: 1, json: { error: { code: 'refused' } } })
    const backup = join(folder, 'backup.lowland')
    expect(lowland(survey, 'backup', backup).status).toBe(0)
    expect(lowland('restored.lowland', 'restore', backup).status).toBe(0)
    expect(lowland('restored.lowland', 'show', 'parcel', code).json).toMatchObject({ name: '第一地块' })
  })

  it('tells wrong usage (2) from failure (1), in words, and changes nothing', () => {
    const survey = 'errors.lowland'
    lowland(survey, 'init', '--campaign', 'blank')
    expect(lowland(survey, 'zones', 'detect', '--gap', 'wide').status).toBe(2)
    expect(lowland(survey, 'import', 'parcels').status).toBe(2)
    const broken = join(folder, 'broken.geojson')
    writeFileSync(
      broken,
      '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordi',
    )
    const failed = lowland(survey, 'import', 'parcels', broken, '--crs', 'EPSG:4490')
    expect(failed.status).toBe(1)
    expect((failed.json as unknown as { error: { message: string } }).error.message).toContain('broken.geojson')
    expect(lowland(survey, 'show', 'parcel', 'nothing')).toMatchObject({
      status: 1,
      json: { error: { code: 'not_found' } },
    })
  })
})
