/** When, where and in which direction a photo was taken, in one line. */
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'

export function PhotoFactsLine({
  photo,
  broken = false,
}: Readonly<{
  photo: Pick<Attachment, 'taken_at' | 'longitude' | 'latitude' | 'azimuth'>
  broken?: boolean
}>) {
  const { t } = useTranslation()
  const { taken_at, longitude, latitude, azimuth } = photo
  const place =
    longitude !== null && latitude !== null
      ? `${longitude.toFixed(6)}°, ${latitude.toFixed(6)}°`
      : broken
        ? t('photo.position_broken')
        : t('photo.position_none')
  return (
    <span className="muted numbers">
      {taken_at ? `${taken_at.slice(0, 16).replace('T', ' ')} · ` : ''}
      {place}
      {azimuth === null ? '' : ` · ${Math.round(azimuth)}°`}
    </span>
  )
}
