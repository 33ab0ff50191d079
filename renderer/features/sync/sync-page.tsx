/** 同步: the hub and when it was met, what waits, what was refused, conflicts, bundles. */
import './sync.css'
import { useQueryClient } from '@tanstack/react-query'
import { Skeleton, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSurvey } from '../../app/use-survey.ts'
import { useSyncStatus } from '../../app/use-sync-status.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { BundlesPanel } from './bundles-panel.tsx'
import { ConflictInbox } from './conflict-inbox.tsx'
import { HubPanel } from './hub-panel.tsx'
import { OutboxList } from './outbox-list.tsx'
import { UnprovedNote } from './unproved-note.tsx'

const SECTIONS = ['hub', 'conflicts', 'pending', 'refused', 'parallel', 'bundles'] as const
type Section = (typeof SECTIONS)[number]

/** A meeting in the background changes the counts without a change of records. */
const LOOK_AGAIN_MS = 4000

export function SyncPage() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const status = useSyncStatus(LOOK_AGAIN_MS)
  const queries = useQueryClient()
  const [chosen, setChosen] = useState<Section | null>(null)
  const refresh = (): void => void queries.invalidateQueries({ queryKey: ['sync'] })
  if (survey && !survey.open) return <EmptyState text={t('status.no_survey')} />
  if (!status) return <Skeleton active className="page-pad" />
  // What the page began with stays: the last decision must not take the list away under the pointer.
  if (chosen === null) setChosen(status.conflicts > 0 ? 'conflicts' : 'hub')
  const section = chosen ?? 'hub'
  const counts: Partial<Record<Section, number>> = {
    conflicts: status.conflicts,
    pending: status.enrolled ? status.pending : 0,
    refused: status.refused,
  }
  return (
    <div className="split">
      <div className="split-list">
        <div className="page-head">
          <h1 className="page-title">{t('page.sync')}</h1>
        </div>
        <div className="split-rows">
          {SECTIONS.map(name => (
            <button
              key={name}
              type="button"
              className={name === section ? 'list-row list-row-current' : 'list-row'}
              onClick={() => setChosen(name)}
            >
              <span className="list-row-title ellipsis">{t(`sync.section.${name}`)}</span>
              {counts[name] !== undefined && (
                <Tag color={counts[name] ? 'warning' : 'default'} className="numbers">
                  {counts[name].toLocaleString()}
                </Tag>
              )}
              <span className="muted list-row-detail ellipsis" title={t(`sync.hint.${name}`)}>
                {t(`sync.hint.${name}`)}
              </span>
            </button>
          ))}
        </div>
      </div>
      <div className="split-detail">
        {section === 'hub' ? (
          <HubPanel status={status} onChanged={refresh} />
        ) : section === 'conflicts' ? (
          <div className="conflict-inbox">
            <UnprovedNote />
            <ConflictInbox onChanged={refresh} />
          </div>
        ) : section === 'bundles' ? (
          <BundlesPanel status={status} onChanged={refresh} />
        ) : (
          <OutboxList key={section} kind={section} onChanged={refresh} />
        )}
      </div>
    </div>
  )
}
