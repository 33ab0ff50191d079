/** Filling a draft from last year's plan or from a template, and keeping a plan as a template. */
import { DeleteOutlined, DownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Input, Popover, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { mayWriteRecord, type Person } from '../../../shared/rules/roles/roles.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { flushAll, tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { RoleButton } from '../../ui/role-button.tsx'

export function useTemplates() {
  const { client, generation } = useService()
  return (
    useQuery({
      queryKey: ['plans', 'templates', generation],
      queryFn: () => client.plans.templates({}),
    }).data?.rows ?? []
  )
}

export function FillPlan({ plan }: Readonly<{ plan: PlanDetail }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const templates = useTemplates()
  const id = String(plan.record['id'])
  const fill = async (from: { plan_id: string } | { template_id: string }): Promise<void> => {
    flushAll()
    const { filled } = await tracked(() => client.plans.fill({ id, base_rev: Number(plan.record['rev']), from }))
    if (filled === 0) notify.info(t('plan.nothing_filled'))
    else notify.success(t('plan.filled', { count: filled }))
  }
  const others = plan.others.map(other => ({
    key: other.id,
    label: `${other.year} · V${other.version} · ${term('plan_status', other.status)}`,
    onClick: () => void fill({ plan_id: other.id }).catch(notify.error),
  }))
  const known = templates.map(template => ({
    key: String(template['id']),
    label: String(template['name']),
    onClick: () => void fill({ template_id: String(template['id']) }).catch(notify.error),
  }))
  const items = [
    ...(others.length > 0 ? [{ type: 'group' as const, label: t('plan.from_plans'), children: others }] : []),
    ...(known.length > 0 ? [{ type: 'group' as const, label: t('plan.from_templates'), children: known }] : []),
  ]
  return (
    <Dropdown trigger={['click']} disabled={items.length === 0} menu={{ items }}>
      <RoleButton calls="plans.fill" title={items.length === 0 ? t('plan.nothing_to_fill_from') : t('plan.fill_title')}>
        {t('plan.fill')} <DownOutlined />
      </RoleButton>
    </Dropdown>
  )
}

export function KeepAsTemplate({ planId, route }: Readonly<{ planId: string; route: string }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const survey = useSurvey()
  const templates = useTemplates()
  const [isOpen, setOpen] = useState(false)
  const [name, setName] = useState('')
  const barred = survey ? mayWriteRecord(survey.profile as Person, 'plan_template') : 'records'
  const isKnown = templates.some(template => template['name'] === name.trim())
  const keep = async (): Promise<void> => {
    flushAll()
    await tracked(() => client.plans.saveTemplate({ plan_id: planId, name: name.trim() }))
    notify.success(t('plan.template_kept', { name: name.trim() }))
    setOpen(false)
  }
  const content = (
    <div className="plan-templates">
      <Space.Compact>
        <Input
          maxLength={200}
          value={name}
          aria-label={t('plan.template_name')}
          placeholder={t('plan.template_name')}
          onChange={event => setName(event.target.value)}
          onPressEnter={() => name.trim() !== '' && void keep().catch(notify.error)}
        />
        <RoleButton
          calls="plans.saveTemplate"
          type="primary"
          disabled={name.trim() === ''}
          onClick={() => void keep().catch(notify.error)}
        >
          {t(isKnown ? 'plan.template_replace' : 'plan.template_keep')}
        </RoleButton>
      </Space.Compact>
      <div className="muted">{t('plan.template_hint')}</div>
      {templates.map(template => (
        <div key={String(template['id'])} className="loop-line">
          <button type="button" className="link-button" onClick={() => setName(String(template['name']))}>
            {String(template['name'])}
          </button>
          <span className="panel-gap" />
          <Button
            size="small"
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('plan.template_remove', { name: String(template['name']) })}
            onClick={() =>
              void tracked(() =>
                client.records.remove({
                  entity: 'plan_template',
                  id: String(template['id']),
                }),
              ).catch(notify.error)
            }
          />
        </div>
      ))}
    </div>
  )
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={isOpen}
      onOpenChange={next => {
        setOpen(next)
        if (next && name === '') setName(term('route', route))
      }}
      content={content}
    >
      <Button disabled={barred !== null} title={barred === null ? undefined : t(`reason.role_${barred}`)}>
        {t('plan.as_template')}
      </Button>
    </Popover>
  )
}
