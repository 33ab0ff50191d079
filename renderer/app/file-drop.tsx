/** Files dropped or pasted anywhere on the window: photos go to the photo desk, data to the import desk. */
import { useEffect } from 'react'
import { isPhotoFile } from '../features/photos/photo-store.ts'
import { usePhotoInput } from '../features/photos/use-photo-input.ts'
import { useFiles } from './files.ts'
import { useNotify } from './notify.ts'
import { setUi, uiState } from './ui-store.ts'

/** Photos dropped on the open record belong to it. */
function ownerAt(target: EventTarget | null) {
  const { selection } = uiState()
  const isOnPanel = target instanceof Element && target.closest('.frame-panel') !== null
  return isOnPanel && (selection?.entity === 'parcel' || selection?.entity === 'enterprise')
    ? { entity: selection.entity, id: selection.id }
    : null
}

export function FileDrop() {
  const files = useFiles()
  const notify = useNotify()
  const { accept } = usePhotoInput()
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      const dropped = [...(event.dataTransfer?.files ?? [])]
      const file = dropped[0]
      if (!file) return
      event.preventDefault()
      const photos = dropped.filter(isPhotoFile)
      if (photos.length > 0) {
        accept(photos, ownerAt(event.target))
        return
      }
      files
        .take(file)
        .then(importFile => setUi({ page: 'data', importFile }))
        .catch(notify.error)
    }
    const paste = (event: ClipboardEvent): void => {
      const photos = [...(event.clipboardData?.files ?? [])].filter(isPhotoFile)
      if (photos.length === 0) return
      event.preventDefault()
      accept(photos, ownerAt(event.target))
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    addEventListener('paste', paste)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
      removeEventListener('paste', paste)
    }
  }, [files, notify, accept])
  return null
}
