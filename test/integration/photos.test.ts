/** Photos on a real survey file: positions as another reader sees them, odd files, duplicates, dying halfway, proposals. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jpeg from 'jpeg-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AddPhotosInput, addPhotos } from '../../service/attachments/add-photos.ts'
import { checkOriginals, photoAsset } from '../../service/attachments/attachments-methods.ts'
import { listPhotos } from '../../service/attachments/attachments-repo.ts'
import { hasOriginal, originalPath } from '../../service/attachments/original-store.ts'
import { photoType, readFacts } from '../../service/attachments/photo-facts.ts'
import { openPhoto } from '../../service/attachments/photo-source.ts'
import { shrink, turn } from '../../service/attachments/scale-jpeg.ts'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { openStore } from '../../service/db/store.ts'
import { applyInverse } from '../../service/db/undo.ts'
import { inProject } from '../../tools/paths.ts'
import { withGps } from '../support/jpeg-with-gps.ts'
import { createParcels, ORIGIN, openFixture, rectangle, type SurveyFixture } from './survey-fixture.ts'

const EXIF = inProject('test/fixtures/exif')
const photo = (name: string): string => join(EXIF, name)
const NAMES = readdirSync(EXIF).filter(name => name.endsWith('.jpg'))

let survey: SurveyFixture
let folder: string

beforeEach(async () => {
  survey = await openFixture()
  folder = mkdtempSync(join(tmpdir(), 'lowland-photos-'))
})
afterEach(() => {
  survey.close()
  rmSync(folder, { recursive: true, force: true })
})

const add = (files: string[], input: Partial<AddPhotosInput> = {}) =>
  addPhotos(survey.store, { files, ...input }, file => file, createJobControl())
const rows = () => listPhotos(survey.store.read, { limit: 1000 }).rows

function place(name: string, eastM: number, northM: number): string {
  const file = join(folder, name)
  writeFileSync(
    file,
    withGps(readFileSync(photo('noexif.jpg')), ORIGIN[0] + eastM / 97_300, ORIGIN[1] + northM / 110_800),
  )
  return file
}

describe('what photos say', () => {
  const [, ...expected] = readFileSync(photo('expected_gps.csv'), 'utf8')
    .trim()
    .split('\n')
    .map(line => line.trim().split(','))

  it.each(expected)('reads %s as GDAL does (%s, %s)', async (name, lat, lng, _latRef, _lngRef, time, orientation) => {
    const facts = await readFacts(new Uint8Array(readFileSync(photo(name!))), 'image/jpeg')
    if (lat === '') expect([facts.longitude, facts.latitude, facts.position]).toEqual([null, null, 'none'])
    else {
      expect(facts.latitude).toBeCloseTo(Number(lat), 6)
      expect(facts.longitude).toBeCloseTo(Number(lng), 6)
    }
    const local = time === '' ? null : time!.replace(/^(\d+):(\d+):(\d+) /, '$1-$2-$3T')
    expect(facts.taken_at).toBe(local)
    expect(facts.orientation).toBe(orientation === '' ? 1 : Number(orientation))
  })

  it.each([
    ['zero', 0, 0],
    ['north of the pole', 119, 91],
    ['not a number', Number.NaN, 29],
  ])('places no photo at %s', async (_name, lng, lat) => {
    const facts = await readFacts(withGps(readFileSync(photo('noexif.jpg')), lng, lat), 'image/jpeg')
    expect(facts).toMatchObject({ position: 'broken', longitude: null, latitude: null })
  })

  it('reads the direction', async () => {
    const bytes = withGps(readFileSync(photo('noexif.jpg')), 119.5, 29.2, 275.5)
    expect((await readFacts(bytes, 'image/jpeg')).azimuth).toBe(275.5)
  })

  it('turns pictures upright for all eight orientations', () => {
    // A 3×2 picture whose pixels are numbered; the upright one as the EXIF standard draws it.
    const pixels = { width: 3, height: 2, data: new Uint8Array([1, 2, 3, 4, 5, 6].flatMap(n => [n, 0, 0, 255])) }
    const numbers = (orientation: number) => {
      const { width, data } = turn(pixels, orientation)
      return [width, [...data].filter((_, index) => index % 4 === 0).join('')]
    }
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(numbers)).toEqual([
      [3, '123456'],
      [3, '321654'],
      [3, '654321'],
      [3, '456123'],
      [2, '142536'],
      [2, '415263'],
      [2, '635241'],
      [2, '362514'],
    ])
  })

  it('keeps the mean colour when it shrinks', () => {
    const data = new Uint8Array(600 * 400 * 4).map((_, index) => (index % 4 === 3 ? 255 : index % 4 === 0 ? 200 : 40))
    const small = shrink({ width: 600, height: 400, data }, 300)
    expect([small.width, small.height, ...small.data.subarray(0, 4)]).toEqual([300, 200, 200, 40, 40, 255])
  })
})

describe('taking photos in', () => {
  it('keeps the very bytes under their hash, with a small picture, in one undoable edit', async () => {
    const result = await add(NAMES.map(photo))
    expect(result.refused).toEqual([])
    expect(result.photos).toHaveLength(NAMES.length)
    for (const { attachment } of result.photos) {
      const bytes = readFileSync(photo(attachment.file_name))
      expect(attachment.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(readFileSync(originalPath(survey.store.file, attachment.sha256)).equals(bytes)).toBe(true)
      expect(attachment).toMatchObject({ size: bytes.length, mime: 'image/jpeg', kind: 'site', missing: false })
    }
    const large = result.photos.find(one => one.attachment.file_name.startsWith('IMG_'))!
    const small = await photoAsset(survey.store, large.attachment.id, 'thumbnail')
    const decoded = jpeg.decode(small!.bytes, { useTArray: true })
    expect(Math.max(decoded.width, decoded.height)).toBeLessThanOrEqual(480)
    const original = jpeg.decode(readFileSync(photo(large.attachment.file_name)), { useTArray: true })
    expect(decoded.width / decoded.height).toBeCloseTo(original.width / original.height, 1)
    const { seq } = survey.store.read.prepare('SELECT max(seq) AS seq FROM edit').get() as { seq: number }
    await survey.store.mutate({ label: 'photos_added', kind: 'undo', undoOf: result.edit! }, tx =>
      applyInverse(tx, seq),
    )
    expect(rows()).toEqual([])
    expect(hasOriginal(survey.store.file, large.attachment.sha256)).toBe(true)
  })

  it('takes the same photo once, under whatever name, but lets two parcels share it', async () => {
    const codes = await createParcels(survey.store, [
      { code: 'A', geometry: rectangle(0, 0, 50, 50) },
      { code: 'B', geometry: rectangle(60, 0, 50, 50) },
    ])
    const copy = join(folder, '另一个名字.JPG')
    copyFileSync(photo('noexif.jpg'), copy)
    const first = await add([photo('noexif.jpg'), copy])
    expect(first.photos.map(one => one.duplicate)).toEqual([false, true])
    const again = await add([copy])
    expect([again.photos[0]!.duplicate, again.edit]).toEqual([true, null])
    for (const id of codes.values()) await add([copy], { owner: { entity: 'parcel', id } })
    expect(rows()).toHaveLength(3)
    expect(readdirSync(join(`${survey.store.file}.files`, 'attachments'))).toHaveLength(1)
  })

  it('refuses what is no photo in words and takes the others', async () => {
    const empty = join(folder, 'empty.jpg')
    writeFileSync(empty, '')
    const text = join(folder, 'text.jpg')
    writeFileSync(text, '<script>alert(1)</script>')
    const cut = join(folder, 'cut.jpg')
    writeFileSync(cut, readFileSync(photo('noexif.jpg')).subarray(0, 12))
    const huge = join(folder, 'huge.jpg')
    writeFileSync(huge, readFileSync(photo('noexif.jpg')))
    truncateSync(huge, 500 * 1024 ** 2 + 1)
    const wide = join(folder, 'wide.jpg')
    writeFileSync(wide, withPixelSize(readFileSync(photo('noexif.jpg')), 20_000, 20_000))
    const result = await add([empty, text, cut, huge, wide, join(folder, 'missing.jpg'), photo('noexif.jpg')])
    expect(result.refused.map(one => one.reason)).toEqual([
      'file_empty',
      'not_a_photo',
      'photo_damaged',
      'photo_too_large',
      'photo_too_many_pixels',
      'file_not_found',
    ])
    expect(result.photos).toHaveLength(1)
    expect(result.refused.every(one => /[一-鿿]/.test(one.message))).toBe(true)
  })

  it('takes a very large photo by its beginning: the service holds no more of it, the window is sent the small picture', async () => {
    const large = join(folder, 'large.jpg')
    writeFileSync(large, readFileSync(photo('IMG_20180725_163423-tiny.jpg')))
    truncateSync(large, 80 * 1024 ** 2)
    expect((await openPhoto(large)).head).toHaveLength(16 * 1024 ** 2)
    const result = await add([large])
    expect(result.photos[0]).toMatchObject({ position: 'placed', preview: 'thumbnail' })
    const { id, size, sha256 } = result.photos[0]!.attachment
    expect(size).toBe(80 * 1024 ** 2)
    expect(sha256).toBe(createHash('sha256').update(readFileSync(large)).digest('hex'))
    expect(await photoAsset(survey.store, id, 'original')).toBeNull()
    expect((await photoAsset(survey.store, id, 'thumbnail'))!.type).toBe('image/jpeg')
  })

  it('keeps a picture cut off in the middle as it is: it may be the only one there is', async () => {
    const cut = join(folder, 'half.jpg')
    const bytes = readFileSync(photo('IMG_20180725_163423-tiny.jpg'))
    writeFileSync(cut, bytes.subarray(0, bytes.length / 2))
    const result = await add([cut])
    expect(result.refused).toEqual([])
    expect(result.photos[0]!.position).toBe('placed')
  })

  it('says when a HEIC cannot be shown, and keeps it', async () => {
    const heic = join(folder, 'iphone.heic')
    writeFileSync(heic, tinyHeic())
    const result = await add([heic])
    expect(result.photos[0]).toMatchObject({ preview: 'none', attachment: { mime: 'image/heic' } })
    expect(await photoAsset(survey.store, result.photos[0]!.attachment.id, 'thumbnail')).toBeNull()
    expect((await photoAsset(survey.store, result.photos[0]!.attachment.id, 'original'))?.type).toBe('image/heic')
  })

  it('never lets a name decide where anything is written or how it is shown', async () => {
    const names = ['..\\..\\evil.jpg', '‮gpj.exe.jpg', '<img src=x onerror=1>.jpg', `${'长'.repeat(70)}.jpg`]
    const files = names.map((name, index) => {
      const file = join(folder, name.replaceAll('\\', '＼'))
      writeFileSync(file, Buffer.concat([readFileSync(photo('noexif.jpg')), Buffer.from([index])]))
      return file
    })
    const result = await add(files)
    expect(result.photos).toHaveLength(names.length)
    for (const { attachment } of result.photos) expect(attachment.file_name).not.toMatch(/[\p{Cf}\p{Cc}/\\]/u)
    const kept = readdirSync(join(`${survey.store.file}.files`, 'attachments'))
    expect(kept.every(name => /^[0-9a-f]{64}$/.test(name))).toBe(true)
  })

  it('takes back what it copied when it is cancelled', async () => {
    const abort = new AbortController()
    const control = createJobControl(abort.signal, ({ done }) => done === 2 && abort.abort())
    await expect(addPhotos(survey.store, { files: NAMES.map(photo) }, file => file, control)).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect(rows()).toEqual([])
    expect(readdirSync(join(`${survey.store.file}.files`, 'attachments'))).toEqual([])
  })
})

describe('where they belong', () => {
  it('proposes the parcel it stands in first, then those within 50 m, and nothing farther', async () => {
    await createParcels(survey.store, [
      { code: 'IN', geometry: rectangle(0, 0, 40, 40) },
      { code: 'NEAR', geometry: rectangle(60, 0, 40, 40) },
      { code: 'FAR', geometry: rectangle(200, 0, 40, 40) },
    ])
    const result = await add([place('in.jpg', 30, 20), place('near.jpg', 145, 20), place('away.jpg', 0, 500)])
    const byName = new Map(result.photos.map(one => [one.attachment.file_name, one.proposals]))
    expect(byName.get('in.jpg')!.map(one => [one.code, one.distance_m])).toEqual([
      ['IN', 0],
      ['NEAR', expect.closeTo(30, 0)],
    ])
    expect(byName.get('near.jpg')!.map(one => one.code)).toEqual(['NEAR'])
    expect(byName.get('away.jpg')).toEqual([])
  })

  it('lists by owner and by place', async () => {
    const codes = await createParcels(survey.store, [{ code: 'A', geometry: rectangle(0, 0, 50, 50) }])
    const owner = { entity: 'parcel', id: codes.get('A')! }
    await add([place('a.jpg', 10, 10)], { owner, stage: 'before' })
    await add([place('b.jpg', 900, 10)])
    const list = (query: object) =>
      listPhotos(survey.store.read, { limit: 10, ...query }).rows.map(row => row.file_name)
    expect(list({ owner })).toEqual(['a.jpg'])
    expect(list({ unassigned: true })).toEqual(['b.jpg'])
    const [x, y] = ORIGIN
    expect(list({ box: [x, y, x + 0.002, y + 0.002] })).toEqual(['a.jpg'])
    expect(rows().find(row => row.file_name === 'a.jpg')).toMatchObject({ owner_name: 'A', stage: 'before' })
  })

  it('tells lost and changed originals', async () => {
    const result = await add([photo('noexif.jpg'), photo('issue-exifr-59.jpg'), photo('f1t.jpg')])
    expect(await checkOriginals(survey.store)).toEqual([])
    const path = (index: number) => originalPath(survey.store.file, result.photos[index]!.attachment.sha256)
    rmSync(path(0))
    writeFileSync(path(1), 'changed')
    expect((await checkOriginals(survey.store)).map(one => one.code).sort()).toEqual(['photo_corrupt', 'photo_missing'])
    // The bytes are not what was taken in: they are not shown as a photo either.
    expect(await photoAsset(survey.store, result.photos[1]!.attachment.id, 'original')).toBeNull()
    expect(photoType(new Uint8Array(readFileSync(path(2))))).toBe('image/jpeg')
  })
})

describe('kill -9', () => {
  it('never leaves a record without its file', { timeout: 120_000 }, async () => {
    const file = join(folder, 'crash.lowland')
    const deps = {
      now: () => new Date(),
      newId: () => crypto.randomUUID(),
      profile: () => ({ user: 'test', role: 'manager', unit: null, device: 'test' }),
    }
    openStore(file, deps, { create: true }).close()
    let records = 0
    for (let life = 0; life < 12; life++) {
      await new Promise<void>((resolve, reject) => {
        const child = spawn(
          process.execPath,
          [inProject('test/support/photo-writer.ts'), file, photo('noexif.jpg'), String(life)],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        )
        child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), 150 + life * 83))
        child.on('close', (_code, signal) => (signal === 'SIGKILL' ? resolve() : reject(new Error('ended by itself'))))
      })
      const store = openStore(file, deps, { create: false })
      const { rows: found } = listPhotos(store.read, { limit: 20_000 })
      expect(await checkOriginals(store)).toEqual([])
      expect(found.every(row => existsSync(originalPath(file, row.sha256)))).toBe(true)
      records = found.length
      store.close()
    }
    expect(records).toBeGreaterThan(0)
  })
})

/** The same JPEG with another size in its frame header. */
function withPixelSize(bytes: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(bytes)
  const at = copy.findIndex((byte, index) => byte === 0xff && (copy[index + 1] === 0xc0 || copy[index + 1] === 0xc2))
  copy.writeUInt16BE(height, at + 5)
  copy.writeUInt16BE(width, at + 7)
  return copy
}

/** The boxes of a HEIC file with a size and no picture inside. */
function tinyHeic(): Buffer {
  const box = (type: string, ...parts: Buffer[]) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length + 4)
    return Buffer.concat([length, body])
  }
  const size = Buffer.alloc(12)
  size.writeUInt32BE(4032, 4)
  size.writeUInt32BE(3024, 8)
  const properties = box('iprp', box('ipco', box('ispe', size)))
  return Buffer.concat([
    box('ftyp', Buffer.from('heic\0\0\0\0mif1heic', 'latin1')),
    box('meta', Buffer.alloc(4), properties),
    box('mdat', Buffer.alloc(32)),
  ])
}
