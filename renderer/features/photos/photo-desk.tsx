/**
 * The photo desk, a panel at the right edge of the work: takes dropped files in, proposes a parcel for each by where it was
 * taken, and lets a person confirm all of it as one step. Closing it loses nothing: unassigned photos stay in its list.
 */
import { CloseOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Select } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AddPhotosResult, Attachment, Proposal } from '../../../shared/contract/attachments.ts'
import { codesOf } from '../../../shared/model/enumerations.ts'
import { useEscape } from '../../app/escape.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useUi } from '../../app/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { JobProgress } from '../../ui/job-progress.tsx'
import { RoleButton } from '../../ui/role-button.tsx'
import { useJob } from '../../ui/use-job.ts'
import { PhotoFactsLine } from './photo-facts.tsx'
import { PhotoPicture } from './photo-picture.tsx'
import { setPhotos, usePhotos } from './photo-store.ts'
import { usePhotoInput } from './use-photo-input.ts'

export function PhotoDesk() {
  const isOpen = usePhotos(state => state.deskOpen)
  return isOpen ? <OpenDesk /> : null
}

function OpenDesk() {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const { choose } = usePhotoInput()
  useEscape(true, () => setPhotos({ deskOpen: false }))
  const incoming = usePhotos(state => state.incoming)
  const job = useJob<AddPhotosResult>()
  const { start } = job
  useEffect(() => {
    if (!incoming) return
    setPhotos({ incoming: null })
    void start(signal =>
      client.attachments.add(
        { files: [...incoming.files], ...(incoming.owner ? { owner: { ...incoming.owner } } : {}) },
        { signal },
      ),
    )
  }, [incoming, client, start])
  const { data } = useQuery({
    queryKey: ['photos', 'unassigned', generation],
    queryFn: async () => {
      const { rows, total } = await client.attachments.list({ unassigned: true, limit: 100 })
      const proposals = await Promise.all(rows.map(row => client.attachments.propose({ id: row.id })))
      return { total, items: rows.map((photo, index) => ({ photo, proposals: proposals[index]! })) }
    },
  })
  const broken = new Set(job.result?.photos.filter(one => one.position === 'broken').map(one => one.attachment.id))
  const added = job.result?.photos.filter(one => !one.duplicate) ?? []
  const duplicates = (job.result?.photos.length ?? 0) - added.length
  return (
    <aside className="photo-desk" aria-label={t('photo.desk')} data-testid="photo-desk">
      <header className="photo-desk-head">
        <b>{t('photo.desk')}</b>
        <span className="panel-gap" />
        <RoleButton calls="attachments.add" onClick={() => choose()}>
          {t('photo.add')}
        </RoleButton>
        <Button
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('action.close')}
          onClick={() => setPhotos({ deskOpen: false })}
        />
      </header>
      {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
      {job.result && (
        <div role="status" className="photo-desk-result">
          {t('photo.added', { count: added.length })}
          {duplicates > 0 && ` · ${t('photo.duplicates', { count: duplicates })}`}
        </div>
      )}
      {job.result?.refused.map(one => (
        <Alert key={one.file_name} type="warning" banner title={one.message} />
      ))}
      {data && data.items.length === 0 && !job.running && <EmptyState text={t('photo.all_assigned')} />}
      {data && data.items.length > 0 && (
        <Assignment key={data.items.map(item => item.photo.id).join()} items={data.items} broken={broken} />
      )}
      {data && data.total > data.items.length && (
        <div className="muted">{t('photo.more', { count: data.total - data.items.length })}</div>
      )}
    </aside>
  )
}

interface Item {
  readonly photo: Attachment
  readonly proposals: readonly Proposal[]
}

function Assignment({ items, broken }: Readonly<{ items: readonly Item[]; broken: ReadonlySet<string> }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const selection = useUi(state => state.selection)
  const selected = useQuery({
    queryKey: ['parcels', 'detail', selection?.id],
    queryFn: () => client.parcels.detail({ id: selection!.id }),
    enabled: selection?.entity === 'parcel',
  }).data
  const [chosen, setChosen] = useState<Readonly<Record<string, string | undefined>>>(() =>
    Object.fromEntries(items.map(({ photo, proposals }) => [photo.id, proposals[0]?.parcel_id])),
  )
  const [stage, setStage] = useState<string | undefined>(undefined)
  const ready = items.filter(({ photo }) => chosen[photo.id] !== undefined)
  const save = async (): Promise<void> => {
    await tracked(() =>
      client.attachments.describe({
        items: ready.map(({ photo }) => ({
          id: photo.id,
          values: {
            owner: { entity: 'parcel', id: chosen[photo.id]! },
            ...(stage === undefined ? {} : { stage: stage as 'before' }),
          },
        })),
      }),
    )
    notify.success(t('photo.assigned', { count: ready.length }))
  }
  return (
    <>
      <div className="photo-list">
        {items.map(({ photo, proposals }) => {
          const options = proposals.map(proposal => ({
            value: proposal.parcel_id,
            label:
              proposal.distance_m === 0
                ? t('photo.inside', { code: proposal.code })
                : t('photo.near', { code: proposal.code, distance: Math.round(proposal.distance_m) }),
          }))
          if (selected && selection && !options.some(option => option.value === selection.id))
            options.push({
              value: selection.id,
              label: t('photo.selected', { code: String(selected.record['code']) }),
            })
          return (
            <div key={photo.id} className="photo-row" data-testid="photo-proposal">
              <button
                type="button"
                className="photo-open"
                aria-label={t('photo.open', { name: photo.file_name })}
                onClick={() => setPhotos({ viewing: photo.id })}
              >
                <PhotoPicture id={photo.id} name={photo.file_name} missing={photo.missing} />
              </button>
              <div className="photo-words">
                <div className="ellipsis" title={photo.file_name}>
                  {photo.file_name}
                </div>
                <PhotoFactsLine photo={photo} broken={broken.has(photo.id)} />
                <Select
                  size="small"
                  allowClear
                  aria-label={t('photo.parcel_of', { name: photo.file_name })}
                  placeholder={options.length === 0 ? t('photo.no_proposal') : t('photo.choose_parcel')}
                  value={chosen[photo.id]}
                  options={options}
                  onChange={(value: string | undefined) => setChosen({ ...chosen, [photo.id]: value })}
                />
              </div>
            </div>
          )
        })}
      </div>
      <footer className="photo-desk-foot">
        <Select
          size="small"
          allowClear
          aria-label={t('photo.stage')}
          placeholder={t('photo.stage')}
          value={stage}
          options={codesOf('photo_stage').map(code => ({ value: code, label: term('photo_stage', code) }))}
          onChange={(value: string | undefined) => setStage(value)}
        />
        <RoleButton
          calls="attachments.describe"
          type="primary"
          disabled={ready.length === 0}
          onClick={() => void save().catch(notify.error)}
        >
          {t('photo.assign', { count: ready.length })}
        </RoleButton>
      </footer>
    </>
  )
}
