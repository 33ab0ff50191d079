/** The photos of a record: pictures by stage, caption and stage editable, adding by button; dropping works on the whole panel. */
import { DeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Input, Select, Skeleton } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Attachment } from '../../../shared/contract/attachments.ts'
import { codesOf } from '../../../shared/model/enumerations.ts'
import { errorMessage } from '../../app/errors.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { PhotoFactsLine } from './photo-facts.tsx'
import { PhotoPicture } from './photo-picture.tsx'
import { type PhotoOwner, setPhotos } from './photo-store.ts'
import { usePhotoInput } from './use-photo-input.ts'

export function useOwnerPhotos(owner: PhotoOwner) {
  const { client, generation } = useService()
  return useQuery({
    queryKey: ['photos', 'list', owner.entity, owner.id, generation],
    queryFn: () => client.attachments.list({ owner: { entity: owner.entity, id: owner.id } }),
  })
}

export function PhotoList({ owner }: Readonly<{ owner: PhotoOwner }>) {
  const { t } = useTranslation()
  const { data, error } = useOwnerPhotos(owner)
  const { choose } = usePhotoInput()
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active />
  if (data.rows.length === 0)
    return <EmptyState text={t('photo.none')} action={t('photo.add')} onAction={() => choose(owner)} />
  return (
    <div className="photo-list">
      <RoleButton calls="attachments.add" onClick={() => choose(owner)}>
        {t('photo.add')}
      </RoleButton>
      {data.rows.map(photo => (
        <PhotoRow key={photo.id} photo={photo} />
      ))}
    </div>
  )
}

function PhotoRow({ photo }: Readonly<{ photo: Attachment }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const setValues = (values: { stage?: Attachment['stage']; caption?: string | null; kind?: string | null }): void => {
    tracked(() => client.attachments.describe({ items: [{ id: photo.id, values: values as never }] })).catch(
      notify.error,
    )
  }
  return (
    <div className="photo-row" data-testid="photo-row">
      <button
        type="button"
        className="photo-open"
        aria-label={t('photo.open', { name: photo.file_name })}
        onClick={() => setPhotos({ viewing: photo.id })}
      >
        <PhotoPicture id={photo.id} name={photo.caption ?? photo.file_name} missing={photo.missing} />
      </button>
      <div className="photo-words">
        <div className="ellipsis" title={photo.file_name}>
          {photo.file_name}
        </div>
        <PhotoFactsLine photo={photo} />
        <div className="photo-fields">
          <Select
            size="small"
            allowClear
            aria-label={t('photo.stage')}
            placeholder={t('photo.stage')}
            value={photo.stage ?? undefined}
            options={codesOf('photo_stage').map(code => ({ value: code, label: term('photo_stage', code) }))}
            onChange={(stage: string | undefined) => setValues({ stage: stage ?? null })}
          />
          <Select
            size="small"
            aria-label={t('photo.kind')}
            value={photo.kind ?? undefined}
            options={codesOf('attachment_kind').map(code => ({ value: code, label: term('attachment_kind', code) }))}
            onChange={(kind: string) => setValues({ kind })}
          />
          <RoleButton
            calls="attachments.remove"
            size="small"
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('photo.remove', { name: photo.file_name })}
            title={t('photo.remove', { name: photo.file_name })}
            onClick={() =>
              void tracked(() => client.attachments.remove({ ids: [photo.id] }))
                .then(() => notify.info(t('photo.removed')))
                .catch(notify.error)
            }
          />
        </div>
        <Input
          key={photo.rev}
          size="small"
          maxLength={400}
          aria-label={t('photo.caption')}
          placeholder={t('photo.caption')}
          defaultValue={photo.caption ?? ''}
          onBlur={event => {
            const caption = event.target.value.trim() || null
            if (caption !== photo.caption) setValues({ caption })
          }}
        />
      </div>
    </div>
  )
}
