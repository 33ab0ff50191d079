/** The indicators of one group with their weights and the values they are measured against. */
import { DeleteOutlined } from '@ant-design/icons'
import { Button, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { SCORE_INDICATORS, type ScoreGroup, type ScoreMethod } from '../../../shared/rules/scoring/standard.ts'
import { INDICATOR_NAMES } from '../../../shared/rules/scoring/words.ts'
import { unitLabel } from '../../app/format.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import type { StandardDraft } from './standard-draft.ts'

type Item = StandardDraft['groups']['above'][number]

interface ItemTableProps {
  group: ScoreGroup
  method: ScoreMethod
  items: readonly Item[]
  disabled: boolean
  onChange: (items: Item[]) => void
}

export function ItemTable({ group, method, items, disabled, onChange }: Readonly<ItemTableProps>) {
  const { t } = useTranslation()
  const columns = method === 'RATIO_TO_BASE' ? (['base', 'cap'] as const) : (['min', 'max'] as const)
  const set = (index: number, change: Partial<Item>): void =>
    onChange(items.map((entry, at) => (at === index ? { ...entry, ...change } : entry)))
  const nameOf = (code: keyof typeof INDICATOR_NAMES): string => INDICATOR_NAMES[code][language() === 'zh' ? 0 : 1]
  const left = SCORE_INDICATORS.filter(code => !items.some(entry => entry.indicator === code))
  const total = items.reduce((sum, entry) => sum + entry.weight, 0)
  return (
    <table className="sheet rules-sheet standard-sheet">
      <thead>
        <tr>
          <th>{term('scale', group)}</th>
          <th>
            {t('scoring.column.weight')} ({Number(total.toFixed(4))})
          </th>
          {columns.map(column => (
            <th key={column}>{t(`scoring.column.${column}`)}</th>
          ))}
          <th />
        </tr>
      </thead>
      <tbody>
        {items.map((entry, index) => (
          <tr key={entry.indicator}>
            <td className="rule-name">
              {nameOf(entry.indicator)} <span className="muted">{unitLabel(INDICATOR_NAMES[entry.indicator][2])}</span>
            </td>
            <td>
              <InputNumber
                className="threshold-value"
                value={entry.weight}
                min={0}
                controls={false}
                disabled={disabled}
                aria-label={`${term('scale', group)} ${nameOf(entry.indicator)} ${t('scoring.column.weight')}`}
                onChange={weight => {
                  if (weight !== null) set(index, { weight })
                }}
              />
            </td>
            {columns.map(column => (
              <td key={column}>
                <InputNumber
                  className="standard-value"
                  value={entry[column]}
                  controls={false}
                  disabled={disabled}
                  placeholder={t(`scoring.blank.${column}`)}
                  aria-label={`${term('scale', group)} ${nameOf(entry.indicator)} ${t(`scoring.column.${column}`)}`}
                  onChange={value => set(index, { [column]: value })}
                />
              </td>
            ))}
            <td>
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                disabled={disabled}
                aria-label={t('scoring.remove_item', { name: nameOf(entry.indicator) })}
                onClick={() => onChange(items.filter((_, at) => at !== index))}
              />
            </td>
          </tr>
        ))}
        {left.length > 0 && !disabled && (
          <tr>
            <td colSpan={5}>
              <Select
                className="filter-select"
                value={null}
                placeholder={t('scoring.add_item')}
                aria-label={`${term('scale', group)} ${t('scoring.add_item')}`}
                options={left.map(code => ({ value: code, label: nameOf(code) }))}
                popupMatchSelectWidth={false}
                onChange={(code: Item['indicator'] | null) => {
                  if (code)
                    onChange([...items, { indicator: code, weight: 10, base: null, min: null, max: null, cap: null }])
                }}
              />
            </td>
          </tr>
        )}
      </tbody>
    </table>
  )
}
