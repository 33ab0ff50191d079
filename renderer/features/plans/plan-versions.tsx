/** Versions of the plans of an enterprise, and what one says otherwise than another: field, before, after, who, when. */
import { useQuery } from '@tanstack/react-query'
import { Select, Tag } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PlanDetail } from '../../../shared/contract/plans.ts'
import { fieldOf } from '../../../shared/model/entity.ts'
import { formatInstant, formatNumber, UNKNOWN, wordList } from '../../app/format.ts'
import { entityLabel, fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'

export function PlanVersions({ plan }: Readonly<{ plan: PlanDetail }>) {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const id = String(plan.record['id'])
  const [chosen, setChosen] = useState<string | null>(null)
  const versions = useQuery({
    queryKey: ['plans', 'versions', plan.enterprise.id, generation],
    queryFn: () => client.plans.versions({ enterprise_id: plan.enterprise.id }),
  }).data?.rows
  const at = versions?.findIndex(version => version.id === id) ?? -1
  // The version before this one, unless another was chosen.
  const from = chosen ?? versions?.[at + 1]?.id ?? null
  const compared = useQuery({
    queryKey: ['plans', 'compare', from, id, generation],
    queryFn: () => client.plans.compare({ from: from!, to: id }),
    enabled: from !== null,
  }).data
  if (!versions || versions.length < 2) return <div className="muted">{t('plan.one_version')}</div>
  return (
    <div data-testid="plan-versions">
      <table className="sheet">
        <tbody>
          {versions.map(version => (
            <tr key={version.id} className={version.id === id ? 'row-selected' : undefined}>
              <td className="no-break">
                {version.id === id ? (
                  version.code
                ) : (
                  <button
                    type="button"
                    className="link-button"
                    onClick={() => openRecord({ entity: 'plan', id: version.id }, 'plans')}
                  >
                    {version.code}
                  </button>
                )}
              </td>
              <td className="no-break">
                {version.year} · V{version.version} <Tag>{term('plan_status', version.status)}</Tag>
              </td>
              <td className="muted no-break">
                {version.updated_by} · {formatInstant(version.updated_at)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="loop-line">
        <span className="muted">{t('plan.compare_with')}</span>
        <Select
          size="small"
          className="plan-version"
          aria-label={t('plan.compare_with')}
          value={from}
          options={versions
            .filter(version => version.id !== id)
            .map(version => ({ value: version.id, label: `${version.year} · V${version.version} · ${version.code}` }))}
          onChange={setChosen}
        />
        {compared && <span className="muted">{t('plan.differences', { count: compared.differences.length })}</span>}
      </div>
      {compared && compared.differences.length > 0 && (
        <table className="sheet">
          <thead>
            <tr>
              <th>{t('plan.what')}</th>
              <th>{t('plan.before')}</th>
              <th>{t('plan.after')}</th>
              <th>{t('plan.who_when')}</th>
            </tr>
          </thead>
          <tbody>
            {compared.differences.map(difference => (
              <tr key={`${difference.part} ${difference.row} ${difference.change} ${difference.field}`}>
                <td>{nameOf(difference)}</td>
                <td>{difference.field ? shown(difference, difference.from) : ''}</td>
                <td>{difference.field ? shown(difference, difference.to) : t(`plan.change.${difference.change}`)}</td>
                <td className="muted no-break">
                  {difference.by ?? UNKNOWN}
                  {difference.at ? ` · ${formatInstant(difference.at)}` : ''}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

interface Difference {
  readonly part: 'plan' | 'measure' | 'milestone'
  readonly row: number | null
  readonly type: string | null
  readonly field: string | null
}

function nameOf({ part, row, type, field }: Difference): string {
  const label = field === null ? '' : fieldLabel(part, field)
  if (row === null) return label
  const kind = term(part === 'measure' ? 'measure_type' : 'milestone_type', type)
  return `${entityLabel(part)} ${row} ${kind}${label ? ` · ${label}` : ''}`
}

function shown({ part, field }: Difference, value: unknown): string {
  if (value === null || value === undefined || value === '') return UNKNOWN
  const spec = fieldOf(part, field!)
  const terms = (code: unknown): string => (spec?.enumeration ? term(spec.enumeration, String(code)) : String(code))
  if (Array.isArray(value)) return spec?.kind === 'json' ? String(value.length) : wordList(value.map(terms))
  if (typeof value === 'number') return formatNumber(value, spec?.decimals)
  return typeof value === 'object' ? JSON.stringify(value) : terms(value)
}
