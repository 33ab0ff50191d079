/** What is going on with photos in the window: files being taken in, the photo looked at, markers on or off. */
import { useSyncExternalStore } from 'react'

export interface PhotoOwner {
  readonly entity: 'parcel' | 'enterprise' | 'survey_visit' | 'plan' | 'zone' | 'idle_case' | 'acceptance'
  readonly id: string
}

export interface PhotoState {
  /** Files waiting to be taken in: paths or upload tokens. A new object starts a new round. */
  readonly incoming: { readonly files: readonly string[]; readonly owner: PhotoOwner | null } | null
  /** The panel of photos to be assigned is open. */
  readonly deskOpen: boolean
  readonly viewing: string | null
  readonly onMap: boolean
}

let state: PhotoState = {
  incoming: null,
  deskOpen: false,
  viewing: null,
  onMap: localStorage.getItem('photos-on-map') !== 'no',
}
const listeners = new Set<() => void>()

export function setPhotos(change: Partial<PhotoState>): void {
  state = { ...state, ...change }
  if (change.onMap !== undefined) localStorage.setItem('photos-on-map', change.onMap ? 'yes' : 'no')
  for (const listener of listeners) listener()
}

export function usePhotos<T>(select: (state: PhotoState) => T): T {
  return useSyncExternalStore(subscribe, () => select(state))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Opens the desk with files to be taken in; with `owner` they belong to that record at once. */
export function takePhotos(files: readonly string[], owner: PhotoOwner | null = null): void {
  setPhotos({ incoming: { files, owner }, deskOpen: true })
}

const PHOTO_NAME = /\.(jpe?g|heic|heif|png)$/i

/** True for a file that goes to the photo desk and not to the import desk. */
export function isPhotoFile(file: { readonly name: string; readonly type: string }): boolean {
  return PHOTO_NAME.test(file.name) || /^image\/(jpeg|png|heic|heif)$/.test(file.type)
}

export const PHOTO_EXTENSIONS = ['jpg', 'jpeg', 'heic', 'heif', 'png']
