/** 合规检查: a row per dimension with its result, the department's deadline and the day it was put right. */
import { DatePicker, Input, Select } from 'antd'
import dayjs from 'dayjs'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { mayWriteRecord, type Person } from '../../../shared/rules/roles/roles.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'

type Check = Record<string, unknown>

/** Who looks after a dimension; the first four are the policy's own, the others follow its list of departments. */
const DEPARTMENT: Readonly<Record<string, string>> = {
  AQ: 'YJ',
  HB: 'ST',
  ZL: 'SC',
  NY: 'FG',
  YD: 'ZG',
  SS: 'SW',
  XF: 'YJ',
  JZ: 'ZF',
}
const CORE = new Set(['AQ', 'HB', 'ZL', 'NY'])

export function ChecksGrid({ enterpriseId, checks }: Readonly<{ enterpriseId: string; checks: readonly Check[] }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const survey = useSurvey()
  const write = (check: Check | undefined, dimension: string, values: Record<string, unknown>): void => {
    const call = (): Promise<unknown> =>
      check
        ? client.records.update({
            entity: 'compliance_check',
            id: String(check['id']),
            base_rev: Number(check['rev']),
            values,
          })
        : client.records.create({
            entity: 'compliance_check',
            values: { enterprise_id: enterpriseId, dimension, department: DEPARTMENT[dimension], ...values },
          })
    void tracked(call).catch(notify.error)
  }
  const rows = ENUMERATIONS.dimension.flatMap(({ code }) => {
    const own = checks.filter(check => check['dimension'] === code)
    return own.length > 0
      ? own.map(check => ({ code, check: check as Check | undefined }))
      : [{ code, check: undefined }]
  })
  return (
    <table className="sheet" data-field="loop-check">
      <thead>
        <tr>
          <th>{fieldLabel('compliance_check', 'dimension')}</th>
          <th>{fieldLabel('compliance_check', 'result')}</th>
          <th>{fieldLabel('compliance_check', 'department')}</th>
          <th>{fieldLabel('compliance_check', 'deadline')}</th>
          <th>{fieldLabel('compliance_check', 'rectified_at')}</th>
          <th>{fieldLabel('compliance_check', 'item')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ code, check }) => {
          const barred = survey
            ? mayWriteRecord(survey.profile as Person, 'compliance_check', [], { dimension: code })
            : null
          const why = barred === null ? undefined : t(`reason.role_${barred}`)
          const failed = check?.['result'] === 'fail'
          const day = (field: 'deadline' | 'rectified_at') => (
            <DatePicker
              size="small"
              // Its heading says what it is; beside an open record the words would be cut.
              placeholder=""
              aria-label={`${term('dimension', code)} ${fieldLabel('compliance_check', field)}`}
              disabled={!failed || barred !== null}
              value={check?.[field] ? dayjs(String(check[field])) : null}
              onChange={next => {
                const picked = Array.isArray(next) ? next[0] : next
                write(check, code, { [field]: picked ? picked.format('YYYY-MM-DD') : null })
              }}
            />
          )
          return (
            <tr key={String(check?.['id'] ?? code)}>
              <td className="no-break">
                {term('dimension', code)}
                {CORE.has(code) && <b className="field-required">*</b>}
              </td>
              <td>
                <Select
                  size="small"
                  className="loop-result"
                  disabled={barred !== null}
                  title={why}
                  aria-label={`${term('dimension', code)} ${fieldLabel('compliance_check', 'result')}`}
                  value={(check?.['result'] as string | undefined) ?? null}
                  placeholder={t('loop.unanswered')}
                  options={ENUMERATIONS.check_result.map(item => ({ value: item.code, label: item[language()] }))}
                  onChange={result => write(check, code, { result })}
                />
              </td>
              <td className="no-break muted">
                {term('department', (check?.['department'] as string | null) ?? DEPARTMENT[code])}
              </td>
              <td>{day('deadline')}</td>
              <td>{day('rectified_at')}</td>
              <td>
                <Input
                  key={String(check?.['rev'] ?? 0)}
                  size="small"
                  maxLength={400}
                  disabled={!check || barred !== null}
                  aria-label={`${term('dimension', code)} ${fieldLabel('compliance_check', 'item')}`}
                  defaultValue={String(check?.['item'] ?? '')}
                  onBlur={event => {
                    const item = event.target.value.trim() || null
                    if (item !== (check?.['item'] ?? null)) write(check, code, { item })
                  }}
                />
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
