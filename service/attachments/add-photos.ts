/**
 * Takes photos in: each file is checked, copied and flushed, read; then one transaction makes the records. A file that
 * cannot be taken is told in words and does not hold up the others. Dying in between leaves files without records, never
 * records without files.
 */
import { rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { AddedPhoto, AddPhotosResult } from '../../shared/contract/attachments.ts'
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { Store } from '../db/store.ts'
import { isReferenced, ownerExists, photoById, samePhoto } from './attachments-repo.ts'
import { hasOriginal, keepOriginal, originalPath, writeThumbnail } from './original-store.ts'
import { embeddedPreview, type PhotoFacts, type PhotoType, photoType, pixelSize, readFacts } from './photo-facts.ts'
import { openPhoto, type PhotoSource } from './photo-source.ts'
import { proposeParcels } from './propose.ts'
import { thumbnailOf } from './thumbnail.ts'

export const MAX_PHOTO_BYTES = 500 * 1024 ** 2
export const MAX_PHOTO_PIXELS = 100e6

export interface AddPhotosInput {
  readonly files: readonly string[]
  readonly owner?: { readonly entity: string; readonly id: string } | undefined
  readonly kind?: string | undefined
  readonly stage?: string | undefined
}

interface Taken {
  readonly fileName: string
  readonly sha256: string
  readonly size: number
  readonly isNew: boolean
  readonly type: PhotoType
  readonly facts: PhotoFacts
  readonly preview: AddedPhoto['preview']
}

/** `resolve` turns what the host calls a file into a readable path. */
export async function addPhotos(
  store: Store,
  input: AddPhotosInput,
  resolve: (file: string) => string,
  control: JobControl,
): Promise<AddPhotosResult> {
  if (input.owner && !ownerExists(store.read, input.owner)) throw ownerMissing(input.owner.entity)
  const taken: Taken[] = []
  const refused: AddPhotosResult['refused'] = []
  try {
    for (const [index, file] of input.files.entries()) {
      control.report({ phase: 'photos', done: index, total: input.files.length })
      await control.checkpoint()
      const fileName = shownName(file)
      try {
        taken.push(await takeIn(store.file, resolve(file), fileName))
      } catch (error) {
        const { code, message, details } = asRefusal(error)
        // A full disk will not get better with the next photo.
        if (code === 'disk_full') throw error
        refused.push({ file_name: fileName, code, reason: details.reason ?? null, message: `${fileName}：${message}` })
      }
    }
    await control.checkpoint()
    return { ...(await commit(store, input, taken)), refused }
  } catch (error) {
    for (const { sha256, isNew } of taken)
      if (isNew && !isReferenced(store.read, sha256)) await rm(originalPath(store.file, sha256), { force: true })
    throw error
  }
}

/** The last part of a path or token, without characters that could disguise it. */
function shownName(file: string): string {
  const name = basename(file.replaceAll('\\', '/')).replace(/[\p{Cc}\p{Cf}]/gu, '')
  return name.slice(-300) || 'photo'
}

async function takeIn(surveyFile: string, path: string, fileName: string): Promise<Taken> {
  const stats = await stat(path).catch(() => undefined)
  if (!stats?.isFile()) throw new AppError('file_not_found', '找不到文件', { reason: 'file_not_found' })
  if (stats.size === 0) throw new AppError('file_unreadable', '文件里没有内容', { reason: 'file_empty' })
  if (stats.size > MAX_PHOTO_BYTES) {
    throw new AppError('refused', `文件 ${Math.round(stats.size / 1024 ** 2)} MB，超过 500 MB 的上限`, {
      reason: 'photo_too_large',
      values: { megabytes: Math.round(stats.size / 1024 ** 2) },
    })
  }
  const source = await openPhoto(path)
  const type = photoType(source.head)
  if (!type) throw new AppError('file_unreadable', '不是 JPEG、HEIC 或 PNG 照片', { reason: 'not_a_photo' })
  const size = pixelSize(source.head, type)
  if (!size || size.width === 0 || size.height === 0)
    throw new AppError('file_unreadable', '照片不完整或已损坏', { reason: 'photo_damaged' })
  if (size.width * size.height > MAX_PHOTO_PIXELS) {
    throw new AppError('refused', `照片 ${size.width}×${size.height} 像素，超过一亿像素的上限`, {
      reason: 'photo_too_many_pixels',
      values: { width: size.width, height: size.height },
    })
  }
  const facts = await readFacts(source.head, type)
  const preview = await previewOf(source, type, facts.orientation)
  const kept = await keepOriginal(surveyFile, path)
  if (preview.bytes) await writeThumbnail(surveyFile, kept.sha256, preview.bytes)
  return { fileName, ...kept, type, facts, preview: preview.kind }
}

/** What can be shown of the photo: made from it, embedded by the camera, or nothing. */
export async function previewOf(
  source: PhotoSource | Uint8Array,
  type: PhotoType,
  orientation: number,
): Promise<{ kind: AddedPhoto['preview']; bytes: Uint8Array | undefined }> {
  if (type === 'image/jpeg') {
    const made = await thumbnailOf(source, orientation).catch(() => undefined)
    if (made) return { kind: 'thumbnail', bytes: made }
  }
  // A PNG is shown as it is; there is no decoder for it here.
  if (type === 'image/png') return { kind: 'thumbnail', bytes: undefined }
  const embedded = await embeddedPreview(source instanceof Uint8Array ? source : source.head)
  if (!embedded) return { kind: 'none', bytes: undefined }
  const upright = await thumbnailOf(embedded, orientation).catch(() => undefined)
  return upright ? { kind: 'embedded', bytes: upright } : { kind: 'none', bytes: undefined }
}

async function commit(store: Store, input: AddPhotosInput, taken: readonly Taken[]) {
  const made: { id: string; photo: Taken; duplicate: boolean }[] = []
  let edit: string | null = null
  if (taken.length > 0) {
    const label = { label: 'photos_added', values: { count: String(taken.length), name: taken[0]!.fileName } }
    const outcome = await store.mutate(label, tx => {
      for (const photo of taken) {
        const same = samePhoto(tx.db, photo.sha256, input.owner)
        if (same) {
          made.push({ id: same.id, photo, duplicate: true })
          continue
        }
        const id = tx.create('attachment', {
          sha256: photo.sha256,
          file_name: photo.fileName,
          mime: photo.type,
          size: photo.size,
          kind: input.kind ?? 'site',
          stage: input.stage ?? null,
          taken_at: photo.facts.taken_at,
          longitude: photo.facts.longitude,
          latitude: photo.facts.latitude,
          azimuth: photo.facts.azimuth,
          owner_entity: input.owner?.entity ?? null,
          owner_id: input.owner?.id ?? null,
          submitted: false,
        })
        made.push({ id, photo, duplicate: false })
      }
    })
    if (made.some(one => !one.duplicate)) edit = outcome.edit
  }
  const photos: AddedPhoto[] = made.map(({ id, photo, duplicate }) => {
    const row = photoById(store.read, id)!
    const { longitude, latitude } = row
    return {
      attachment: { ...row, missing: !hasOriginal(store.file, row.sha256) },
      position: photo.facts.position,
      preview: photo.preview,
      duplicate,
      proposals: longitude === null || latitude === null ? [] : proposeParcels(store.read, longitude, latitude),
    }
  })
  return { photos, edit }
}

export function ownerMissing(entity: string): AppError {
  return new AppError('not_found', '照片所属的记录不存在，可能已被删除', {
    reason: 'photo_owner_missing',
    values: { entity },
  })
}

function asRefusal(error: unknown): AppError {
  if (isAppError(error)) return error
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
    return new AppError('disk_full', '磁盘空间不足，照片没有存入', { reason: 'disk_full' }, { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EIO' || code === 'EBUSY')
    return new AppError('file_unreadable', '无法读取文件', { reason: 'file_unreadable' }, { cause: error })
  throw error
}
