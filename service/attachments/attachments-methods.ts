/** `attachments.*` of the contract, and the pictures behind it. */
import { readFile } from 'node:fs/promises'
import type { Asset } from '../../shared/contract/assets.ts'
import { MOST_SHOWN_BYTES } from '../../shared/contract/attachments.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { streamJob } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import type { CheckProblem } from '../survey/survey-repo.ts'
import { addPhotos, ownerMissing, previewOf } from './add-photos.ts'
import { type AttachmentRow, distinctOriginals, listPhotos, ownerExists, photoById } from './attachments-repo.ts'
import { drawnPicture, isDrawn } from './demo-picture.ts'
import { hashOf, hasOriginal, hasPicture, originalPath, readThumbnail, writeThumbnail } from './original-store.ts'
import { type PhotoType, photoType, readFacts } from './photo-facts.ts'
import { openPhoto, type PhotoSource } from './photo-source.ts'
import { proposeParcels } from './propose.ts'

/** Larger PNGs are not sent as their own thumbnail. */
const MAX_INLINE_PNG_BYTES = 8 * 1024 ** 2

export function attachmentsMethods(deps: ServiceDeps) {
  return {
    add: os.attachments.add.handler(({ input, signal }) =>
      streamJob(signal, control => addPhotos(deps.store(), input, deps.resolveInput, control)),
    ),
    list: os.attachments.list.handler(({ input }) => {
      const store = deps.store()
      const { rows, total } = listPhotos(store.read, input)
      return { rows: rows.map(row => withPresence(store, row)), total }
    }),
    one: os.attachments.one.handler(({ input }) => {
      const store = deps.store()
      return withPresence(store, requirePhoto(store, input.id))
    }),
    propose: os.attachments.propose.handler(({ input }) => {
      const store = deps.store()
      const { longitude, latitude } = requirePhoto(store, input.id)
      return longitude === null || latitude === null ? [] : proposeParcels(store.read, longitude, latitude)
    }),
    describe: os.attachments.describe.handler(async ({ input }) => {
      const store = deps.store()
      const first = requirePhoto(store, input.items[0]!.id)
      const values = { count: String(input.items.length), name: first.file_name }
      const { edit } = await store.mutate({ label: 'photos_described', values }, tx => {
        for (const { id, values: given } of input.items) {
          const { owner, ...plain } = given
          if (owner && !ownerExists(tx.db, owner)) throw ownerMissing(owner.entity)
          const changes = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
          tx.update('attachment', id, {
            ...changes,
            ...(owner === undefined ? {} : { owner_entity: owner?.entity ?? null, owner_id: owner?.id ?? null }),
          })
        }
      })
      return { changed: input.items.length, edit }
    }),
    remove: os.attachments.remove.handler(async ({ input }) => {
      const store = deps.store()
      const first = requirePhoto(store, input.ids[0]!)
      const values = { count: String(input.ids.length), name: first.file_name }
      const { edit } = await store.mutate({ label: 'photos_removed', values, reason: input.reason }, tx => {
        for (const id of input.ids) tx.remove('attachment', id)
      })
      return { removed: input.ids.length, edit }
    }),
  }
}

/** The bytes of a photo: a JPEG of at most 480 px, or the original; null when there is nothing that can be shown. */
export async function photoAsset(store: Store, id: string, variant: 'thumbnail' | 'original'): Promise<Asset | null> {
  const row = photoById(store.read, id)
  if (!row) return null
  if (variant === 'thumbnail') {
    // It may have come from the hub before its original.
    const known = await readThumbnail(store.file, row.sha256)
    if (known && photoType(known) === 'image/jpeg') return { bytes: known, type: 'image/jpeg' }
  }
  const path = hasOriginal(store.file, row.sha256) ? originalPath(store.file, row.sha256) : undefined
  // The type is that of the bytes as they are now, never what the record says.
  if (variant === 'thumbnail' && path !== undefined) {
    const source = await openPhoto(path)
    const type = photoType(source.head)
    return type ? remade(store, row.sha256, source, type) : null
  }
  if (path !== undefined && (row.size ?? 0) > MOST_SHOWN_BYTES) return null
  const bytes = path === undefined ? drawnPicture(row) : new Uint8Array(await readFile(path))
  const type = bytes && photoType(bytes)
  if (!bytes || !type) return null
  return variant === 'original' ? { bytes, type } : remade(store, row.sha256, bytes, type)
}

/** Thumbnails are derived: one that is not there is made again. */
async function remade(
  store: Store,
  sha256: string,
  source: PhotoSource | Uint8Array,
  type: PhotoType,
): Promise<Asset | null> {
  const [head, size] = source instanceof Uint8Array ? [source, source.length] : [source.head, source.size]
  if (type === 'image/png') return size <= MAX_INLINE_PNG_BYTES ? { bytes: head, type } : null
  const { orientation } = await readFacts(head, type)
  const preview = await previewOf(source, type, orientation)
  if (!preview.bytes) return null
  await writeThumbnail(store.file, sha256, preview.bytes)
  return { bytes: preview.bytes, type: 'image/jpeg' }
}

/** Originals that are gone or are not what they were when they were taken in. */
export async function checkOriginals(store: Store): Promise<CheckProblem[]> {
  const problems: CheckProblem[] = []
  for (const { sha256, file_name } of distinctOriginals(store.read)) {
    if (isDrawn({ sha256, file_name })) continue
    if (!hasOriginal(store.file, sha256)) {
      problems.push({ code: 'photo_missing', message: `照片“${file_name}”的原件不在附件文件夹中` })
      continue
    }
    const found = await hashOf(originalPath(store.file, sha256)).catch(() => undefined)
    if (found !== sha256) problems.push({ code: 'photo_corrupt', message: `照片“${file_name}”的原件已改变或损坏` })
  }
  return problems
}

function withPresence(store: Store, row: AttachmentRow) {
  return { ...row, missing: !hasPicture(store.file, row) }
}

function requirePhoto(store: Store, id: string): AttachmentRow {
  const row = photoById(store.read, id)
  if (row) return row
  throw new AppError('not_found', '找不到照片，可能已被删除', { reason: 'photo_not_found', values: { id } })
}
