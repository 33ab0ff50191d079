/** Survey file, who sits here, parameters of the campaign, boundary versions, language. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Input, InputNumber, Segmented, Select, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { fieldOf } from '../../../shared/model/entity.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { rolesOf } from '../../../shared/rules/roles/enrolment.ts'
import { fileName, useFiles } from '../../app/files.ts'
import { formatInstant, unitLabel } from '../../app/format.ts'
import { fieldLabel, type Language, language, setLanguage, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { SURVEY_FILTER, type SurveyTemplate, useSurveyFiles } from '../../app/survey-files.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { useSyncStatus } from '../../app/use-sync-status.ts'
import { RoleButton } from '../../ui/role-button.tsx'
import { BoundaryCard } from '../boundaries/boundary-card.tsx'
import { ExportBook } from '../loop/export-book.tsx'

export function SettingsPage() {
  const { t } = useTranslation()
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{t('page.settings')}</h1>
      </div>
      <div className="page-body page-pad report-cards">
        <SurveyCard />
        <ProfileCard />
        <ExportBook />
        <CampaignCard />
        <BoundaryCard />
      </div>
    </div>
  )
}

function SurveyCard() {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const { opened, create, choose, demo } = useSurveyFiles()
  const { modal } = App.useApp()
  const survey = useSurvey()
  const [name, setName] = useState('')
  const [template, setTemplate] = useState<SurveyTemplate>('lanxi-2021-2023')
  const [problems, setProblems] = useState<readonly { code: string; message: string }[] | null>(null)
  const recent = useQuery({
    queryKey: ['settings', 'recent', survey?.file],
    queryFn: () => client.survey.recent(),
  }).data
  const restore = async (): Promise<void> => {
    const from = await files.choose(t('settings.restore'), [SURVEY_FILTER])
    if (!from || !survey?.open) return
    if (
      !(await modal.confirm({
        title: t('settings.restore_confirm'),
        okText: t('settings.restore'),
        cancelText: t('action.cancel'),
      }))
    )
      return
    await opened(client.survey.restore({ from, file: survey.file }))
    notify.success(t('settings.restored'))
  }
  return (
    <section className="card">
      <h2>{t('settings.survey')}</h2>
      {survey?.open && (
        <dl className="facts">
          <dt>{t('settings.name')}</dt>
          <dd>
            {survey.name} {survey.demo && <Tag color="gold">{t('status.demo')}</Tag>}
          </dd>
          <dt>{t('settings.file')}</dt>
          <dd className="ellipsis" title={survey.file}>
            {files.desktop ? survey.file : fileName(survey.file)}
          </dd>
          <dt>{t('settings.content')}</dt>
          <dd className="numbers">{t('settings.counts', survey.counts)}</dd>
        </dl>
      )}
      <div className="card-row">
        <Button
          onClick={() =>
            void tracked(() => client.survey.backup({})).then(
              result => notify.success(t('settings.backed_up', { file: fileName(result.file) })),
              notify.error,
            )
          }
        >
          {t('settings.backup')}
        </Button>
        <Button onClick={() => void restore().catch(notify.error)}>{t('settings.restore')}</Button>
        <Button onClick={() => void client.survey.check().then(result => setProblems(result.problems), notify.error)}>
          {t('settings.check')}
        </Button>
      </div>
      {problems &&
        (problems.length === 0 ? (
          <Alert type="success" showIcon title={t('settings.check_ok')} />
        ) : (
          problems.map(problem => (
            <Alert key={problem.code + problem.message} type="error" showIcon title={problem.message} />
          ))
        ))}
      <h3>{t('settings.new')}</h3>
      <div className="card-row">
        <Input
          className="survey-name"
          value={name}
          placeholder={t('settings.default_name')}
          aria-label={t('settings.name')}
          onChange={event => setName(event.target.value)}
        />
        <Segmented
          value={template}
          options={[
            { value: 'lanxi-2021-2023', label: t('settings.template_lanxi') },
            { value: 'blank', label: t('settings.template_blank') },
          ]}
          onChange={value => setTemplate(value as typeof template)}
        />
        <Button type="primary" onClick={() => void create(name, template).catch(notify.error)}>
          {t('settings.new')}
        </Button>
      </div>
      <h3>{t('settings.open')}</h3>
      <div className="card-row">
        {files.desktop && <Button onClick={() => void choose().catch(notify.error)}>{t('settings.open')}</Button>}
        <Button onClick={() => void demo().catch(notify.error)}>{t('settings.demo')}</Button>
      </div>
      {recent?.map(entry => (
        <div key={entry.file} className="made-file">
          <button
            type="button"
            className="link-button ellipsis"
            disabled={!entry.exists || entry.file === survey?.file}
            title={entry.file}
            onClick={() => void opened(client.survey.open({ file: entry.file })).catch(notify.error)}
          >
            {entry.name}
          </button>
          <span className="muted">
            {fileName(entry.file)} · {formatInstant(entry.opened_at)}
            {entry.exists ? '' : ` · ${t('settings.missing')}`}
          </span>
        </div>
      ))}
    </section>
  )
}

function ProfileCard() {
  const { t, i18n } = useTranslation()
  const { client } = useService()
  const queries = useQueryClient()
  const notify = useNotify()
  const survey = useSurvey()
  const unitNames = useUnitNames()
  const profile = survey?.profile
  const sync = useSyncStatus(60_000)
  // Bundles name no role: a laptop that knows only them is bound to its unit.
  const enrolment = sync?.enrolled ? { unit: sync.unit, role: sync.hub === null ? '' : sync.role } : null
  const [user, setUser] = useState<string | null>(null)
  const [saved, setSaved] = useState<string | null>(null)
  if (!profile) return null
  const set = async (change: Partial<Omit<typeof profile, 'device'>>): Promise<void> => {
    await tracked(() =>
      client.survey.setProfile({
        user: profile.user,
        role: profile.role,
        unit: profile.unit,
        department: profile.department,
        ...change,
      }),
    )
    // Another person sees other things: everything is asked again.
    await queries.invalidateQueries()
    setSaved(t('status.saved'))
  }
  return (
    <section className="card">
      <h2>{t('settings.profile')}</h2>
      <p className="muted">{t('settings.profile_hint')}</p>
      {enrolment && (
        <p className="muted">
          {t('settings.enrolled_as', {
            unit: enrolment.unit === null ? t('zone.all_units') : (unitNames.get(enrolment.unit) ?? enrolment.unit),
            role: enrolment.role === '' ? '—' : term('role', enrolment.role),
          })}
        </p>
      )}
      <dl className="facts">
        <dt>{t('settings.user')}</dt>
        <dd>
          <Input
            value={user ?? profile.user}
            maxLength={100}
            aria-label={t('settings.user')}
            onChange={event => setUser(event.target.value)}
            onBlur={() => {
              if (user?.trim() && user !== profile.user) void set({ user: user.trim() }).catch(notify.error)
            }}
          />
        </dd>
        <dt>{t('status.role')}</dt>
        <dd>
          <Select
            className="profile-select"
            value={profile.role}
            options={ENUMERATIONS.role.map(item => ({
              value: item.code,
              label: item[language()],
              disabled: enrolment !== null && !rolesOf(enrolment).includes(item.code),
            }))}
            onChange={role => void set({ role }).catch(notify.error)}
          />
        </dd>
        {profile.role === 'department' && (
          <>
            <dt>{term('role', 'department')}</dt>
            <dd>
              <Select
                className="profile-select"
                value={profile.department}
                aria-label={term('role', 'department')}
                options={ENUMERATIONS.department.map(item => ({ value: item.code, label: item[language()] }))}
                onChange={department => void set({ department }).catch(notify.error)}
              />
            </dd>
          </>
        )}
        <dt>{t('status.unit')}</dt>
        <dd>
          <Select
            allowClear
            className="profile-select"
            value={profile.unit}
            disabled={enrolment !== null && enrolment.unit !== null}
            placeholder={t('zone.all_units')}
            options={survey.units.map(unit => ({ value: unit.code, label: unitNames.get(unit.code) ?? unit.name }))}
            onChange={unit => void set({ unit: unit ?? null }).catch(notify.error)}
          />
        </dd>
        <dt>{t('settings.language')}</dt>
        <dd>
          <Segmented
            value={i18n.language === 'en' ? 'en' : 'zh'}
            options={[
              { value: 'zh', label: '中文' },
              { value: 'en', label: 'English' },
            ]}
            onChange={value => setLanguage(value as Language)}
          />
        </dd>
        <dt>{t('settings.about')}</dt>
        <dd>Lowland {survey.app_version} · Apache-2.0</dd>
      </dl>
      {saved && <span className="muted">{saved}</span>}
    </section>
  )
}

const PARAMETERS = [
  'gap_m',
  'zone_min_mu',
  'zone_min_parcels',
  'side_tolerance_m2',
  'side_tolerance_per_m',
  'carbon_factor',
  'light_green_gap',
  'light_yellow_gap',
] as const

function CampaignCard() {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const survey = useSurvey()
  const [draft, setDraft] = useState<Record<string, number | null>>({})
  const campaign = survey?.campaign
  if (!campaign) return null
  const changed = Object.entries(draft).filter(([name, value]) => value !== campaign[name])
  const save = async (): Promise<void> => {
    await tracked(() => client.survey.updateCampaign({ values: Object.fromEntries(changed) }))
    setDraft({})
  }
  return (
    <section className="card">
      <h2>{t('settings.campaign')}</h2>
      <p className="muted">{String(campaign['name'])}</p>
      <dl className="facts">
        {PARAMETERS.map(name => {
          const field = fieldOf('campaign', name)
          return [
            <dt key={`${name}-label`}>{fieldLabel('campaign', name)}</dt>,
            <dd key={name}>
              <InputNumber
                value={name in draft ? draft[name] : (campaign[name] as number | null)}
                min={field?.min}
                max={field?.max}
                controls={false}
                suffix={unitLabel(field?.unit)}
                aria-label={fieldLabel('campaign', name)}
                onChange={value => setDraft({ ...draft, [name]: value })}
              />
            </dd>,
          ]
        })}
      </dl>
      <div className="muted">{t('settings.campaign_hint')}</div>
      <RoleButton
        calls="survey.updateCampaign"
        type="primary"
        disabled={changed.length === 0}
        onClick={() => void save().catch(notify.error)}
      >
        {t('settings.save_campaign')}
      </RoleButton>
    </section>
  )
}
