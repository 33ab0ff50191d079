/** A data file dropped anywhere on the window goes to the import desk. */
import { useEffect } from 'react'
import { useFiles } from './files.ts'
import { useNotify } from './notify.ts'
import { setUi } from './ui-store.ts'

export function FileDrop() {
  const files = useFiles()
  const notify = useNotify()
  useEffect(() => {
    const over = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      const file = event.dataTransfer?.files[0]
      if (!file) return
      event.preventDefault()
      files
        .take(file)
        .then(importFile => setUi({ page: 'data', importFile }))
        .catch(notify.error)
    }
    addEventListener('dragover', over)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('drop', drop)
    }
  }, [files, notify])
  return null
}
