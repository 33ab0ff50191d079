/** The zone report as it is made: templates of a survey, photos, what is missing and said, cancel between and within formats. */
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Document, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addPhotos } from '../../service/attachments/add-photos.ts'
import { originalPath, thumbnailPath } from '../../service/attachments/original-store.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { filesFolderOf } from '../../service/db/lock.ts'
import type { Store } from '../../service/db/store.ts'
import { checkZoneReport, makeZoneReport } from '../../service/reports/zone-report-job.ts'
import { inProject } from '../../tools/paths.ts'
import { createParcels, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

let fixture: SurveyFixture
let store: Store
let folder: string
let parcels: Map<string, string>

beforeEach(async () => {
  fixture = await openFixture()
  store = fixture.store
  folder = mkdtempSync(join(tmpdir(), 'lowland-zone-report-'))
  parcels = await createParcels(
    store,
    [0, 1].map(i => ({ code: `D-${i}`, unit: '330781001', geometry: rectangle(i * 150, 0, 150, 120) })),
  )
  await makeZone('330781001-2026-01', [...parcels.values()])
})
afterEach(() => {
  fixture.close()
  rmSync(folder, { recursive: true, force: true })
})

function makeZone(code: string, members: readonly string[], year = 2026): Promise<unknown> {
  return store.mutate({ label: 'test' }, tx => {
    const zone_id = tx.create(
      'zone',
      { code, name: `片区${code.slice(-2)}`, year, unit: '330781001', status: 'planned', direction: 'upgrade' },
      rectangle(0, 0, 300, 120),
    )
    for (const parcel_id of members) tx.create('zone_member', { zone_id, parcel_id })
  })
}

type Request = Parameters<typeof makeZoneReport>[1]
const make = (request: Partial<Request>, control = createJobControl()) =>
  makeZoneReport(
    {
      store: () => store,
      resourcesFolder: inProject('resources'),
      resolveOutput: (out: string | undefined) => out ?? folder,
    } as unknown as Parameters<typeof makeZoneReport>[0],
    { formats: ['docx'], crs: 'EPSG:4490', year: 2026, ...request },
    control,
  )
const part = (file: string, name: string) => execFileSync('unzip', ['-p', file, name], { encoding: 'utf8' })
const words = (file: string) => part(file, 'word/document.xml').replace(/<[^>]+>/g, '')
const pdfWords = (file: string) => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' })

async function ownTemplate(children: (Paragraph | Table)[]): Promise<void> {
  const own = join(filesFolderOf(store.file), 'templates')
  mkdirSync(own, { recursive: true })
  writeFileSync(join(own, 'zone-report.docx'), await Packer.toBuffer(new Document({ sections: [{ children }] })))
}
const lines = (...texts: string[]) => texts.map(text => new Paragraph(text))
const refusal = (reason: string, values?: object) => ({
  code: 'refused',
  details: { reason, file: expect.stringContaining('zone-report'), ...(values ? { values } : {}) },
})

describe("a survey's own Word template", () => {
  test('words, torn places, tables and the loop over zones', async () => {
    await makeZone('330781001-2026-02', [parcels.get('D-1')!])
    const torn = new Paragraph({ children: ['前{', '{标', '题}', '}后'].map(text => new TextRun(text)) })
    await ownTemplate([
      torn,
      ...lines(
        '{{表头}}',
        '{{表A}}',
        '{{#区域}}',
        '本县：{{区域名称}},{{ 区域低效面积 }} 亩',
        '{{表B}}',
        '{{/区域}}',
        '末页 {{填表人}}',
      ),
    ])
    const { files } = await make({})
    const text = words(files[0]!)
    expect(text).toContain('前工业低效用地连片整治区域报告后')
    expect(text).not.toMatch(/[{}]/)
    expect(text.match(/本县：片区0[12]/g)).toEqual(['本县：片区01', '本县：片区02'])
    expect(text.match(/表B 地块明细表/g)).toHaveLength(2)
    expect(text.indexOf('末页 测试员')).toBeGreaterThan(text.lastIndexOf('表B'))
    // No place for maps: none is drawn.
    expect(execFileSync('unzip', ['-l', files[0]!], { encoding: 'utf8' })).not.toContain('media/lowland')
  })

  test('what is wrong with it is named before anything is written', async () => {
    const cell = (text: string) =>
      new Table({ rows: [new TableRow({ children: [new TableCell({ children: [new Paragraph(text)] })] })] })
    const cases: [(Paragraph | Table)[], ReturnType<typeof refusal>][] = [
      [lines('{{区域名程}}'), refusal('template_places', { places: '区域名程' })],
      // A place of a zone outside the loop.
      [lines('{{区域名称}}', '{{#区域}}', '{{/区域}}'), refusal('template_places', { places: '区域名称' })],
      [lines('{{标题'), refusal('template_places', { places: '{{标题' })],
      [lines('{{#区域}}', '{{区域名称}}'), refusal('template_loop')],
      [lines('{{/区域}}', '{{#区域}}'), refusal('template_loop')],
      [lines('见{{表A}}'), refusal('template_block', { place: '表A' })],
      [[cell('{{表A}}')], refusal('template_block', { place: '表A' })],
    ]
    for (const [children, expected] of cases) {
      await ownTemplate(children)
      await expect(make({})).rejects.toMatchObject(expected)
    }
    writeFileSync(join(filesFolderOf(store.file), 'templates', 'zone-report.docx'), 'no word file')
    await expect(make({})).rejects.toMatchObject(refusal('template_damaged'))
    expect(readdirSync(folder)).toEqual([])
  })

  test('a Typst template that stumbles over a field names it', async () => {
    const own = join(filesFolderOf(store.file), 'templates')
    mkdirSync(own, { recursive: true })
    const write = (text: string) =>
      writeFileSync(join(own, 'zone-report.typ'), `#let data = json(bytes(sys.inputs.data))\n${text}`)
    write('本县 #data.title #data.chapters.first().title')
    const { files } = await make({ formats: ['pdf'] })
    expect(pdfWords(files[0]!)).toContain('本县 工业低效用地连片整治区域报告')
    write('#data.titel')
    await expect(make({ formats: ['pdf'] })).rejects.toMatchObject(refusal('template_places', { places: 'titel' }))
    write('#let x = (')
    await expect(make({ formats: ['pdf'] })).rejects.toMatchObject(refusal('template_broken'))
  })
})

test('photos: before beside after with their words; one that is gone is said in the report and to the screen', async () => {
  const source = inProject('test/fixtures/exif')
  // The same bytes are one photo: each copy is made different behind its end mark.
  const copy = (name: string, from: string): string => {
    const file = join(folder, name)
    copyFileSync(join(source, from), file)
    writeFileSync(file, name, { flag: 'a' })
    return file
  }
  const owner = { entity: 'parcel' as const, id: parcels.get('D-0')! }
  const files = [copy('前.jpg', 'f1t.jpg'), copy('后.jpg', 'f1t.jpg'), copy('丢失.jpg', 'f3t.jpg')]
  await addPhotos(store, { files, owner }, file => file, createJobControl())
  const rows = store.read.prepare('SELECT id, sha256, file_name FROM attachment').all() as {
    id: string
    sha256: string
    file_name: string
  }[]
  const of = (name: string) => rows.find(row => row.file_name === name)!
  await store.mutate({ label: 'test' }, tx => {
    tx.update('attachment', of('前.jpg').id, { stage: 'before', caption: '东侧厂房' })
    tx.update('attachment', of('后.jpg').id, { stage: 'after' })
  })
  rmSync(originalPath(store.file, of('丢失.jpg').sha256))
  rmSync(thumbnailPath(store.file, of('丢失.jpg').sha256), { force: true })
  const out = join(folder, 'out')
  const made = await make({ formats: ['pdf', 'docx'], out })
  expect(made.warnings).toContainEqual({ code: 'photo_missing', count: 1, names: ['丢失.jpg'] })
  expect(checkZoneReport(store, { year: 2026 }).warnings).toContainEqual(
    made.warnings.find(w => w.code === 'photo_missing'),
  )
  const [pdf, docx] = made.files as [string, string]
  for (const text of [pdfWords(pdf), words(docx)]) {
    const dense = text.replace(/\s+/g, '')
    expect(dense).toContain('整治前·D-0')
    expect(dense).toContain('东侧厂房')
    expect(dense).toContain('整治后·D-0')
    expect(dense).toContain('照片文件缺失：丢失.jpg')
    expect(dense.indexOf('整治前·D-0')).toBeLessThan(dense.indexOf('整治后·D-0'))
  }
  // Two maps (no boundary is active) and the two photos that are there.
  const names = execFileSync('unzip', ['-l', docx], { encoding: 'utf8' })
  expect(names.match(/lowland\d+\.png/g)).toHaveLength(2)
  expect(names.match(/lowland\d+\.jpg/g)).toHaveLength(2)
  expect(execFileSync('pdfimages', ['-list', pdf], { encoding: 'utf8' }).match(/jpeg/g)).toHaveLength(2)
})

test('no boundary, no parcels, no zones: said, never a zero', async () => {
  await makeZone('330781001-2026-09', [])
  const { files, warnings } = await make({})
  expect(warnings.map(warning => warning.code)).toEqual(['empty_zone', 'no_boundary', 'unit_without_zone'])
  const text = words(files[0]!)
  expect(text).toContain('区域内没有地块')
  expect(text).toContain('没有启用的城镇开发边界，不绘边界图')
  expect(text).toContain('界内 — 亩，界外 — 亩')
  await expect(make({ unit: '330781006' })).rejects.toMatchObject({
    code: 'not_found',
    details: { reason: 'no_zones', values: { unit: '女埠街道', year: 2026 } },
  })
  await expect(make({ formats: ['gpkg'], crs: 'GCJ02' })).rejects.toMatchObject({ details: { reason: 'gpkg_crs' } })
})

test('a cancel is heard between zones, formats and maps; nothing half-made stays', async () => {
  await makeZone('330781001-2026-02', [parcels.get('D-1')!])
  const formats = ['geojson', 'gpkg', 'xlsx', 'docx', 'pdf'] as const
  // The phase that is broken off at its first report, or at the first that says something is done; the files that are whole by then.
  const cases: [phase: string, isUnderWay: boolean, whole: number][] = [
    ['report_zones', false, 0],
    ['report_geojson', false, 0],
    ['report_gpkg', false, 1],
    ['report_xlsx', false, 2],
    ['report_xlsx', true, 2],
    ['report_docx', false, 3],
    ['report_docx', true, 3],
    ['report_pdf', false, 4],
    ['report_pdf', true, 4],
  ]
  for (const [index, [phase, isUnderWay, whole]] of cases.entries()) {
    const stop = new AbortController()
    const seen: string[] = []
    const control = createJobControl(stop.signal, progress => {
      if (progress.phase !== phase || (isUnderWay && progress.done === 0)) return
      seen.push(progress.phase)
      stop.abort()
    })
    const out = join(folder, String(index))
    await expect(make({ formats: [...formats], out }, control)).rejects.toMatchObject({ code: 'cancelled' })
    expect(seen).toHaveLength(1)
    const left = existsSync(out) ? readdirSync(out) : []
    expect(left.map(name => name.split('.').at(-1)).sort()).toEqual([...formats.slice(0, whole)].sort())
  }
})

/** A disk of 1 MB with 8 KB left; where a machine allows no such disk, the size of files is limited instead. */
const FULL_DISK = `
own=$1; disk=$2; survey=$3; shift 3
if [ $own = true ] && mount -t tmpfs -o size=1m tmpfs "$disk" 2>/dev/null
then dd if=/dev/zero of=$disk/zeros bs=4k 2>/dev/null; truncate -s -8K $disk/zeros
else ulimit -f 33; fi
exec node_modules/.bin/node test/support/report-writer.ts "$survey" "$disk" "$@"
`

test('a disk that gets full in the middle: said with the file, nothing half-made stays, in every format', async () => {
  // Enough land for more than 33 KB in the smallest format.
  const more = await createParcels(
    store,
    Array.from({ length: 100 }, (_, i) => ({
      code: `V-${i}`,
      unit: '330781001',
      geometry: rectangle(i * 50, 300, 40, 40),
    })),
  )
  await makeZone('330781001-2026-03', [...more.values()])
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  fixture.store.close()
  const script = join(folder, 'full.sh')
  writeFileSync(script, FULL_DISK)
  const mayMount = spawnSync('unshare', ['-rm', 'true']).status === 0
  // A workbook is too small for the limit that a survey can be opened under.
  const formats = ['geojson', 'gpkg', ...(mayMount ? ['xlsx'] : []), 'docx', 'pdf']
  const words = ['bash', script, String(mayMount), disk, store.file, ...formats]
  const { stdout, stderr } = spawnSync(mayMount ? 'unshare' : 'env', mayMount ? ['-rm', ...words] : words, {
    encoding: 'utf8',
  })
  expect(
    stdout
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line) as unknown),
    stderr,
  ).toEqual(formats.map(format => ({ format, code: 'disk_full', reason: 'disk_full', names: true, left: [] })))
}, 60_000)
