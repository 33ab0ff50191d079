/** Choosing, dropping and pasting of photos: in both hosts they become what the service takes, paths or upload tokens. */
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { PHOTO_EXTENSIONS, type PhotoOwner, takePhotos } from './photo-store.ts'

export function usePhotoInput(): {
  accept(files: readonly File[], owner?: PhotoOwner | null): void
  choose(owner?: PhotoOwner | null): void
} {
  const files = useFiles()
  const notify = useNotify()
  const { t } = useTranslation()
  const accept = useCallback(
    (given: readonly File[], owner: PhotoOwner | null = null) => {
      Promise.all(given.map(file => files.take(file)))
        .then(tokens => takePhotos(tokens, owner))
        .catch((error: unknown) => {
          // A picture copied out of another program has no file behind it.
          if (error instanceof Error && error.message === 'no path') notify.info(t('photo.no_file'))
          else notify.error(error)
        })
    },
    [files, notify, t],
  )
  const choose = useCallback(
    (owner: PhotoOwner | null = null) => {
      void pickPhotoFiles().then(picked => {
        if (picked.length > 0) accept(picked, owner)
      })
    },
    [accept],
  )
  return { accept, choose }
}

/** The browser's own dialog for photos; nothing when the person gave up. */
export function pickPhotoFiles(): Promise<File[]> {
  return new Promise(resolve => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.accept = PHOTO_EXTENSIONS.map(extension => `.${extension}`).join(',')
    input.addEventListener('change', () => resolve([...(input.files ?? [])]))
    input.addEventListener('cancel', () => resolve([]))
    input.click()
  })
}
