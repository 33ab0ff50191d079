/** 闭环: where an enterprise stands, what leads on and what that lacks, and the records that prove it. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Skeleton, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { LoopDetail } from '../../../shared/contract/loop.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatInstant, today } from '../../app/format.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { PhotoList } from '../photos/photo-list.tsx'
import { VisitHistory } from '../visits/visit-history.tsx'
import { Acceptances } from './acceptances.tsx'
import { ChecksGrid } from './checks-grid.tsx'
import { jumpTo, missingText } from './missing.ts'
import { Opinions } from './opinions.tsx'
import { mainFirst, StepCard } from './step-card.tsx'
import './loop.css'

const STRIP = ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8'] as const

export function LoopPanel({ enterpriseId }: Readonly<{ enterpriseId: string }>) {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const { data, error } = useQuery({
    queryKey: ['loop', 'detail', enterpriseId, generation],
    queryFn: () => client.loop.detail({ enterprise_id: enterpriseId }),
    placeholderData: previous => previous,
  })
  if (error) return <div className="empty">{errorMessage(error)}</div>
  if (!data) return <Skeleton active className="page-pad" />
  const { entry, plan } = data
  return (
    <div className="loop-panel">
      {entry ? (
        <>
          <StateStrip state={String(entry['state'])} />
          <Problems detail={data} enterpriseId={enterpriseId} />
          {data.next.length === 0 && <div className="muted">{t('loop.ended')}</div>}
          {[...data.next].sort(mainFirst).map(step => (
            <StepCard key={`${step.step}-${String(entry['state'])}`} enterpriseIds={[enterpriseId]} step={step} />
          ))}
        </>
      ) : (
        <EmptyState text={t('loop.not_listed')} />
      )}
      {plan && (data.approvals.length > 0 || entry?.['state'] === 'S4') && (
        <>
          <div className="section" data-field="loop-approval">
            {t('loop.section.opinions')}{' '}
            <button
              type="button"
              className="link-button"
              onClick={() => openRecord({ entity: 'plan', id: String(plan['id']) }, 'plans')}
            >
              {String(plan['code'])}
            </button>
          </div>
          <Opinions planId={String(plan['id'])} rows={data.approvals} inReview={entry?.['state'] === 'S4'} />
        </>
      )}
      <div className="section" data-field="loop-visit">
        {t('loop.section.visits')}
      </div>
      <VisitHistory of={{ enterprise_id: enterpriseId }} />
      <div className="section">{t('loop.section.checks')}</div>
      <div className="sheet-scroll">
        <ChecksGrid enterpriseId={enterpriseId} checks={data.checks} />
      </div>
      <div className="section" data-field="loop-photo">
        {t('loop.section.evidence')}
      </div>
      <PhotoList owner={{ entity: 'enterprise', id: enterpriseId }} />
      {plan && (
        <>
          <div className="section">{t('loop.section.acceptance')}</div>
          <Acceptances enterpriseId={enterpriseId} planId={String(plan['id'])} rows={data.acceptances} />
        </>
      )}
      {data.look_backs.length > 0 && <LookBacks rows={data.look_backs} />}
      {data.history.length > 0 && <Steps rows={data.history} />}
    </div>
  )
}

function StateStrip({ state }: Readonly<{ state: string }>) {
  const at = STRIP.indexOf(state as 'S0')
  return (
    <ol className="loop-strip">
      {STRIP.map((code, index) => (
        <li key={code} className={code === state ? 'loop-now' : index < at ? 'loop-past' : ''}>
          {term('state', code)}
        </li>
      ))}
      {at < 0 && <li className="loop-now">{term('state', state)}</li>}
    </ol>
  )
}

function Problems({ detail, enterpriseId }: Readonly<{ detail: LoopDetail; enterpriseId: string }>) {
  const { t } = useTranslation()
  if (detail.problems.length === 0) return null
  return (
    <Alert
      type="warning"
      showIcon
      title={t('loop.unproved', {
        count: detail.problems.length,
        state: term('state', String(detail.entry?.['state'])),
      })}
      description={detail.problems.map(item => (
        <button
          key={`${item.key}-${JSON.stringify(item.values ?? {})}`}
          type="button"
          className="link-button loop-problem"
          onClick={() => jumpTo(item, enterpriseId)}
        >
          {missingText(item)}
        </button>
      ))}
    />
  )
}

function LookBacks({ rows }: Readonly<{ rows: LoopDetail['look_backs'] }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const finish = (row: Record<string, unknown>, result: string): void => {
    const values = { result, done_at: today() }
    void tracked(() =>
      client.records.update({ entity: 'look_back', id: String(row['id']), base_rev: Number(row['rev']), values }),
    ).catch(notify.error)
  }
  return (
    <div data-field="loop-look_back">
      <div className="section">{t('loop.section.look_back')}</div>
      {rows.map(row => (
        <div key={String(row['id'])} className="loop-line">
          <span className="numbers">{t('todo.due', { date: String(row['due_date']) })}</span>
          {row['done_at'] ? (
            <Tag color={row['result'] === 'stable' ? 'success' : 'error'}>
              {term('look_back_result', String(row['result']))} {String(row['done_at'])}
            </Tag>
          ) : (
            ['stable', 'rebound'].map(result => (
              <Button key={result} size="small" onClick={() => finish(row, result)}>
                {term('look_back_result', result)}
              </Button>
            ))
          )}
        </div>
      ))}
    </div>
  )
}

/** The steps taken: who, as what, when and why. */
function Steps({ rows }: Readonly<{ rows: LoopDetail['history'] }>) {
  const { t } = useTranslation()
  return (
    <>
      <div className="section">{t('loop.section.history')}</div>
      <ol className="history">
        {rows.map(row => (
          <li key={String(row['id'])}>
            <div className="history-head">
              <b>
                {term('state', row['from_state'] as string | null)} → {term('state', String(row['to_state']))}
              </b>
            </div>
            <div className="muted">
              {formatInstant(String(row['at']))} ·{' '}
              {row['author']
                ? `${String(row['author'])}(${term('role', row['role'] as string)})`
                : t('loop.by_calendar')}
              {row['doc_no'] ? ` · ${String(row['doc_no'])}` : ''}
              {row['reason']
                ? ` · ${fieldLabel('state_change', 'reason')}${language() === 'zh' ? ':' : ': '}${String(row['reason'])}`
                : ''}
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}
