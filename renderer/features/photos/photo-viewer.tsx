/** One photo large, over the work but not in its way: what it shows, when, where, whose, and whether the original is there. */
import { CloseOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { MOST_SHOWN_BYTES } from '../../../shared/contract/attachments.ts'
import { formatMegabytes } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'
import { PhotoFactsLine } from './photo-facts.tsx'
import { PhotoPicture } from './photo-picture.tsx'
import { setPhotos, usePhotos } from './photo-store.ts'

export function PhotoViewer() {
  const id = usePhotos(state => state.viewing)
  return id === null ? null : <Viewer id={id} />
}

function Viewer({ id }: Readonly<{ id: string }>) {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const photo = useQuery({
    queryKey: ['photos', 'one', id, generation],
    queryFn: () => client.attachments.one({ id }),
  }).data
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return
      event.stopPropagation()
      setPhotos({ viewing: null })
    }
    addEventListener('keydown', close, { capture: true })
    return () => removeEventListener('keydown', close, { capture: true })
  }, [])
  if (!photo) return null
  const isHeic = photo.mime === 'image/heic'
  const isLarge = (photo.size ?? 0) > MOST_SHOWN_BYTES
  const { longitude, latitude, owner_id: ownerId } = photo
  return (
    <section className="photo-viewer" aria-label={photo.file_name} data-testid="photo-viewer">
      <header>
        <span className="ellipsis" title={photo.file_name}>
          {photo.caption ?? photo.file_name}
        </span>
        <span className="panel-gap" />
        <Button
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('action.close')}
          onClick={() => setPhotos({ viewing: null })}
        />
      </header>
      <div className="photo-viewer-picture">
        <PhotoPicture
          id={id}
          name={photo.file_name}
          missing={photo.missing}
          variant={isHeic || isLarge ? 'thumbnail' : 'original'}
        />
      </div>
      <footer>
        {photo.stage && <span>{term('photo_stage', photo.stage)}</span>}
        {photo.kind && <span>{term('attachment_kind', photo.kind)}</span>}
        <PhotoFactsLine photo={photo} />
        {isLarge && <span className="muted">{t('photo.large', { size: formatMegabytes(photo.size ?? 0) })}</span>}
        <span className="panel-gap" />
        {longitude !== null && latitude !== null && (
          <Button
            size="small"
            onClick={() => setUi({ page: 'map', flyTo: { place: { lng: longitude, lat: latitude }, zoom: 18 } })}
          >
            {t('photo.show_on_map')}
          </Button>
        )}
        {photo.owner_entity === 'parcel' && ownerId !== null && (
          <Button size="small" onClick={() => openRecord({ entity: 'parcel', id: ownerId })}>
            {photo.owner_name}
          </Button>
        )}
      </footer>
    </section>
  )
}
