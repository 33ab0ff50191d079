/** What a visit carries besides words: pictures, signatures, and a plain word about pictures that somebody else has too. */
import { useTranslation } from 'react-i18next'
import type { VisitRow } from '../../../shared/contract/visits.ts'
import { formatInstant } from '../../app/format.ts'
import { PhotoPicture } from '../photos/photo-picture.tsx'
import { setPhotos } from '../photos/photo-store.ts'

export function VisitPictures({ visit }: Readonly<{ visit: VisitRow }>) {
  const { t } = useTranslation()
  const signatures = signaturesOf(visit.record['signature'])
  if (visit.photos.length + signatures.length === 0) return null
  return (
    <div className="visit-pictures">
      {visit.photos.map(photo => (
        <button
          key={photo.id}
          type="button"
          aria-label={t('photo.open', { name: photo.file_name })}
          title={photo.file_name}
          onClick={() => setPhotos({ viewing: photo.id })}
        >
          <PhotoPicture id={photo.id} name={photo.file_name} missing={photo.missing} />
        </button>
      ))}
      {signatures.map(({ name, attachment_id, at }) => (
        <figure key={attachment_id} className="visit-signature" title={formatInstant(at)}>
          <PhotoPicture id={attachment_id} name={t('visit.signature_of', { name })} missing={false} />
          <figcaption className="muted ellipsis">{name}</figcaption>
        </figure>
      ))}
    </div>
  )
}

/** Two cases, or two people, on one picture: which picture, and whose it is besides. */
export function VisitTwins({ visit }: Readonly<{ visit: VisitRow }>) {
  const { t } = useTranslation()
  if (visit.twins.length === 0) return null
  return (
    <div className="visit-twins" role="alert">
      <b>{t('visit.twins', { count: new Set(visit.twins.map(twin => twin.attachment_id)).size })}</b>
      {visit.twins.map(twin => (
        <div key={`${twin.attachment_id}-${twin.other_at}`}>
          {t('visit.twin', {
            file: twin.file_name,
            owner: twin.other_owner_name ?? '—',
            who: twin.other_by,
            when: formatInstant(twin.other_at),
          })}
        </div>
      ))}
    </div>
  )
}

export function signaturesOf(value: unknown): { name: string; attachment_id: string; at: string }[] {
  return Array.isArray(value) ? value.filter(entry => typeof entry?.attachment_id === 'string') : []
}
