/** 标准地: what was promised and what came of it, indicator by indicator; checked on completion and when production is reached. */
import { InputNumber } from 'antd'
import { useTranslation } from 'react-i18next'
import { STANDARD_INDICATORS } from '../../../shared/rules/standard-land.ts'
import { fieldLabel } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useEdited } from '../../ui/use-edited.ts'

type Figures = Record<string, number | null>

export function IndicatorPairs({
  row,
  save,
}: Readonly<{ row: Record<string, unknown>; save: (field: string, value: unknown) => Promise<void> }>) {
  const { t } = useTranslation()
  const notify = useNotify()
  const [committed, changeCommitted] = useEdited((row['committed'] as Figures | null) ?? {}, value =>
    tracked(() => save('committed', value)),
  )
  const [reached, changeReached] = useEdited((row['actual'] as Figures | null) ?? {}, value =>
    tracked(() => save('actual', value)),
  )
  const of = (field: 'committed' | 'actual'): Figures => (field === 'committed' ? committed : reached)
  const change = { committed: changeCommitted, actual: changeReached }
  const input = (field: 'committed' | 'actual', name: string) => (
    <InputNumber
      key={`${field}-${String(of(field)[name] ?? '')}`}
      size="small"
      controls={false}
      aria-label={`${fieldLabel('standard_land', field)} ${t(`loop.indicator.${name}`)}`}
      {...(of(field)[name] == null ? {} : { defaultValue: of(field)[name]! })}
      onBlur={event => {
        const text = event.target.value.trim()
        const value = text === '' ? null : Number(text)
        if (value === (of(field)[name] ?? null) || Number.isNaN(value)) return
        change[field](now => ({ ...now, [name]: value })).catch(notify.error)
      }}
    />
  )
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th />
          <th>{fieldLabel('standard_land', 'committed')}</th>
          <th>{fieldLabel('standard_land', 'actual')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {STANDARD_INDICATORS.map(({ key: name, lowerIsBetter }) => {
          const [promised, actual] = [of('committed')[name], of('actual')[name]]
          const isKnown = promised != null && actual != null
          const isMet = isKnown && (lowerIsBetter ? actual <= promised : actual >= promised)
          return (
            <tr key={name}>
              <td>{t(`loop.indicator.${name}`)}</td>
              <td>{input('committed', name)}</td>
              <td>{input('actual', name)}</td>
              <td className={isKnown && !isMet ? 'field-failed' : 'muted'}>
                {isKnown ? t(isMet ? 'loop.met' : 'loop.not_met') : ''}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
