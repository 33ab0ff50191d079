/** Photos in the present view of the map, and the button that shows or hides them and leads to the desk. */
import { PictureOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useService } from '../../app/service-context.ts'
import { useUi } from '../../app/ui-store.ts'
import { setField } from '../../map/field/field-store.ts'
import { RoleButton } from '../../ui/role-button.tsx'
import { setPhotos, usePhotos } from './photo-store.ts'
import { usePhotoInput } from './use-photo-input.ts'

/** More markers than this say nothing. */
const MOST_MARKERS = 2000

export function PhotoMap() {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const { choose } = usePhotoInput()
  const view = useUi(state => state.view)
  const onMap = usePhotos(state => state.onMap)
  const box = view?.box
  const { data } = useQuery({
    queryKey: ['photos', 'map', box, generation],
    queryFn: () => client.attachments.list({ box: [...box!] as [number, number, number, number], limit: MOST_MARKERS }),
    enabled: onMap && box !== undefined,
    placeholderData: previous => previous,
    gcTime: 10_000,
  })
  const waiting = useQuery({
    queryKey: ['photos', 'waiting', generation],
    queryFn: () => client.attachments.list({ unassigned: true, limit: 1 }),
  }).data
  useEffect(() => {
    setField({
      photos:
        onMap && data
          ? data.rows.map(photo => ({
              id: photo.id,
              lng: photo.longitude!,
              lat: photo.latitude!,
              azimuth: photo.azimuth,
              name: photo.caption ?? photo.file_name,
            }))
          : null,
      onPhoto: id => setPhotos({ viewing: id }),
    })
  }, [onMap, data])
  useEffect(() => () => setField({ photos: null }), [])
  return (
    <div className="field-tools-group">
      <Button
        size="small"
        icon={<PictureOutlined />}
        type={onMap ? 'primary' : 'default'}
        aria-pressed={onMap}
        onClick={() => setPhotos({ onMap: !onMap })}
      >
        {t('photo.photos')}
      </Button>
      {waiting && waiting.total > 0 ? (
        <Button size="small" onClick={() => setPhotos({ deskOpen: true })}>
          {t('photo.waiting', { count: waiting.total })}
        </Button>
      ) : (
        <RoleButton calls="attachments.add" size="small" onClick={() => choose()}>
          {t('photo.add')}
        </RoleButton>
      )}
    </div>
  )
}
