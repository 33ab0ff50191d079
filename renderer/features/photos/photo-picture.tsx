/** The picture of a photo, fetched outside the RPC; says so when there is none to show or the original is gone. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { blobUrl } from '../../app/assets.ts'
import { useService } from '../../app/service-context.ts'
import './photos.css'

export function PhotoPicture({
  id,
  name,
  missing,
  variant = 'thumbnail',
}: Readonly<{ id: string; name: string; missing: boolean; variant?: 'thumbnail' | 'original' }>) {
  const { t } = useTranslation()
  const { assets, generation } = useService()
  const { data: asset, isPending } = useQuery({
    queryKey: ['photos', 'picture', id, variant, generation],
    queryFn: () => assets.read({ kind: 'photo', id, variant }),
    gcTime: 60_000,
    enabled: !missing,
  })
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!asset) return
    const made = blobUrl(asset)
    setUrl(made)
    return () => {
      setUrl(null)
      URL.revokeObjectURL(made)
    }
  }, [asset])
  if (missing) return <div className="photo-blank photo-missing">{t('photo.missing')}</div>
  if (isPending) return <div className="photo-blank" />
  if (!asset) return <div className="photo-blank">{t('photo.no_preview')}</div>
  return url ? (
    <img className="photo-picture" src={url} alt={name} draggable={false} />
  ) : (
    <div className="photo-blank" />
  )
}
