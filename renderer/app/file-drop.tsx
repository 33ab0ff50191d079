/** Files dropped or pasted anywhere on the window: photos go to the photo desk, basemaps under the map, data to the import desk. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { isPhotoFile } from '../features/photos/photo-store.ts'
import { usePhotoInput } from '../features/photos/use-photo-input.ts'
import { useFiles } from './files.ts'
import { useNotify } from './notify.ts'
import { useService } from './service-context.ts'
import { setUi, uiState } from './ui-store.ts'

const BASEMAP = /\.(mbtiles|pmtiles|tiff?)$/i

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
  const { client } = useService()
  const queries = useQueryClient()
  const { t } = useTranslation()
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
      if (BASEMAP.test(file.name)) {
        files
          .take(file)
          .then(path => client.basemaps.add({ file: path }))
          .then(() => queries.invalidateQueries({ queryKey: ['basemaps'] }))
          .then(() => notify.success(t('basemap.added', { name: file.name })))
          .catch(notify.error)
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
  }, [files, notify, accept, client, queries, t])
  return null
}
