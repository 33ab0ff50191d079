/** The rules as data: effect, thresholds by unit, industry and year; tried before they are saved as a new version. */
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Input, InputNumber, Select, Skeleton, Switch } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Candidate, IdentifyResult } from '../../../shared/contract/identify.ts'
import { mayCall, type Role } from '../../../shared/rules/roles/roles.ts'
import { errorMessage } from '../../app/errors.ts'
import { unitLabel } from '../../app/format.ts'
import { language } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { JobProgress } from '../../ui/job-progress.tsx'
import { useJob } from '../../ui/use-job.ts'
import { VersionBar } from '../../ui/version-bar.tsx'
import type { Rule, RuleSetDraft } from './rule-draft.ts'
import { RuleTools } from './rule-tools.tsx'
import { Thresholds } from './thresholds.tsx'

const EFFECTS = ['list', 'watch', 'flag', 'priority'] as const
const SHOWN_NAMES = 12

/** Drafts outlive a look at another page; by survey file. */
const drafts = new Map<string, RuleSetDraft>()

interface Compared {
  readonly listed: number
  readonly incoming: readonly Candidate[]
  readonly outgoing: readonly Candidate[]
}

export function RuleEditor({ year, unit }: Readonly<{ year: number; unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const file = survey?.file ?? ''
  const { data, error, refetch } = useQuery({
    queryKey: ['settings', 'rules', file],
    queryFn: () => client.identify.rules(),
    staleTime: 0,
  })
  const [draft, setDraft] = useState<RuleSetDraft | null>(() => drafts.get(file) ?? null)
  const [compared, setCompared] = useState<Compared | null>(null)
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const job = useJob<IdentifyResult>()
  if (error) return <Alert type="error" showIcon title={errorMessage(error)} />
  if (!data) return <Skeleton active className="page-pad" />
  const shown = draft ?? data.rule_set
  // The rules a survey begins with have no record and so no name in its own language.
  const versionName = data.id === null ? t('identify.default_rules') : data.name
  const isReadOnly = !mayCall(survey?.profile.role as Role, 'identify', 'saveRules')
  const keep = (next: RuleSetDraft | null): void => {
    setCompared(null)
    setDraft(next)
    if (next) drafts.set(file, next)
    else drafts.delete(file)
  }
  const change = (id: string, next: Partial<Rule>): void =>
    keep({ ...shown, rules: shown.rules.map(rule => (rule.id === id ? { ...rule, ...next } : rule)) })
  const attempt = async (): Promise<void> => {
    const before = await job.start(signal => client.identify.run({ year, unit, dry_run: true }, { signal }))
    const after =
      before &&
      (await job.start(signal => client.identify.run({ year, unit, dry_run: true, rule_set: shown }, { signal })))
    if (before && after) setCompared(compare(before, after))
  }
  const save = async (): Promise<void> => {
    await tracked(() =>
      client.identify.saveRules({
        name: name.trim() || versionName,
        rule_set: shown,
        reason: reason.trim() || undefined,
      }),
    )
    keep(null)
    setReason('')
    await refetch()
    notify.success(t('identify.rules_saved'))
  }
  return (
    <>
      <div className="page-body page-pad">
        {job.running && <JobProgress progress={job.progress} onCancel={job.cancel} />}
        {compared && <ComparedView compared={compared} />}
        <div className="muted rules-tried">
          {t('identify.rules_hint', { name: versionName, version: data.version })}
        </div>
        <RuleTools shown={shown} version={data.version} disabled={isReadOnly} onChange={keep} />
        <div className="threshold">
          <span>{t('identify.screened')}</span>
          <InputNumber
            value={shown.screened_land_mu}
            min={0}
            controls={false}
            disabled={isReadOnly}
            suffix={unitLabel('亩')}
            aria-label={t('identify.screened')}
            onChange={value => keep({ ...shown, screened_land_mu: value ?? 0 })}
          />
        </div>
        <table className="sheet rules-sheet">
          <thead>
            <tr>
              {['rule', 'enabled', 'effect', 'thresholds', 'source'].map(column => (
                <th key={column}>{t(`identify.column.${column}`)}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.rules.map(rule => (
              <tr key={rule.id} className={rule.enabled ? undefined : 'muted'}>
                <td className="rule-name">
                  <b>{rule.id}</b> {t(`identify.rule.${rule.id}`)}
                </td>
                <td>
                  <Switch
                    size="small"
                    checked={rule.enabled}
                    disabled={isReadOnly}
                    aria-label={`${rule.id} ${t('identify.column.enabled')}`}
                    onChange={enabled => change(rule.id, { enabled })}
                  />
                </td>
                <td>
                  <Select
                    value={rule.effect}
                    disabled={isReadOnly}
                    aria-label={`${rule.id} ${t('identify.column.effect')}`}
                    options={EFFECTS.map(value => ({ value, label: t(`identify.effect.${value}`) }))}
                    popupMatchSelectWidth={false}
                    onChange={effect => change(rule.id, { effect })}
                  />
                </td>
                <td>
                  <Thresholds
                    rule={rule}
                    disabled={isReadOnly}
                    onChange={thresholds => change(rule.id, { thresholds })}
                  />
                </td>
                <td>
                  <Input
                    value={rule.source}
                    maxLength={300}
                    disabled={isReadOnly}
                    aria-label={`${rule.id} ${t('identify.column.source')}`}
                    onChange={event => change(rule.id, { source: event.target.value })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <VersionBar
        name={name}
        reason={reason}
        proposedName={versionName}
        nameLabel={t('identify.version_name')}
        next={data.version + 1}
        isChanged={Boolean(draft)}
        isReadOnly={isReadOnly}
        isBusy={job.running}
        onName={setName}
        onReason={setReason}
        onTry={attempt}
        onDrop={() => keep(null)}
        onSave={save}
      />
    </>
  )
}

/** Who is on the list by one run and not by the other. */
function compare(before: IdentifyResult, after: IdentifyResult): Compared {
  const listed = (result: IdentifyResult) => result.candidates.filter(candidate => candidate.outcome === 'list')
  const had = new Set(listed(before).map(candidate => candidate.enterprise_id))
  const has = new Set(listed(after).map(candidate => candidate.enterprise_id))
  return {
    listed: after.listed,
    incoming: listed(after).filter(candidate => !had.has(candidate.enterprise_id)),
    outgoing: listed(before).filter(candidate => !has.has(candidate.enterprise_id)),
  }
}

function ComparedView({ compared }: Readonly<{ compared: Compared }>) {
  const { t } = useTranslation()
  const place = useRef<HTMLDivElement>(null)
  // The table is longer than the screen and the answer stands above it. A new answer comes into view once.
  // In braces: newer browsers give a promise back, which React would take for a clean-up.
  // biome-ignore lint/correctness/useExhaustiveDependencies: by answer
  useEffect(() => {
    void place.current?.scrollIntoView({ block: 'nearest' })
  }, [compared])
  return (
    <div ref={place}>
      <Alert
        type="info"
        className="rules-tried"
        title={t('identify.tried', {
          listed: compared.listed,
          incoming: compared.incoming.length,
          outgoing: compared.outgoing.length,
        })}
        description={
          <>
            <Names label={t('identify.incoming')} candidates={compared.incoming} />
            <Names label={t('identify.outgoing')} candidates={compared.outgoing} />
          </>
        }
      />
    </div>
  )
}

function Names({ label, candidates }: Readonly<{ label: string; candidates: readonly Candidate[] }>) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  if (candidates.length === 0) return null
  const shown = isOpen ? candidates : candidates.slice(0, SHOWN_NAMES)
  return (
    <div className="threshold">
      <b>{label}</b>
      {shown.map(candidate => (
        <button
          key={candidate.enterprise_id}
          type="button"
          className="link-button"
          title={candidate.rules.map(hit => (language() === 'zh' ? hit.zh : hit.en)).join('\n')}
          onClick={() => openRecord({ entity: 'enterprise', id: candidate.enterprise_id })}
        >
          {candidate.name}
        </button>
      ))}
      {candidates.length > shown.length && (
        <Button type="link" onClick={() => setOpen(true)}>
          {t('identify.more', { count: candidates.length - shown.length })}
        </Button>
      )}
    </div>
  )
}
