/** The records behind a number, added up as the number is, and the way to the map with the very same filter. */
import { useQuery } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Figure, FigureItem } from '../../../shared/contract/dashboard.ts'
import { formatMu, formatNumber, UNKNOWN } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'
import { useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { useFigureLabel } from './figure-label.ts'

/** More rows than this are found by the filter. */
const SHOWN = 400

interface FigureListProps {
  figure: Figure
  /** Stands in the left half, so that the number stays in sight. */
  left: boolean
  onClose: () => void
  /** Another page is shown: the whole screen ends. */
  onLeave: () => void
}

export function FigureList({ figure, left, onClose, onLeave }: Readonly<FigureListProps>) {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const label = useFigureLabel()
  const [text, setText] = useState('')
  const { data } = useQuery({
    queryKey: ['loop', 'dashboard', 'items', figure, generation],
    queryFn: () => client.dashboard.items(figure),
  })
  const onMap = (): void => {
    onLeave()
    setUi({
      page: 'map',
      theme: 'state',
      filter: { figure },
      tableOpen: true,
      ...(data?.box ? { flyTo: { box: data.box } } : {}),
    })
  }
  const wanted = text.trim().toLowerCase()
  const found = (data?.items ?? []).filter(item =>
    `${item.name}\n${item.parcel_code ?? ''}`.toLowerCase().includes(wanted),
  )
  return (
    <aside className={left ? 'figure-list figure-list-left' : 'figure-list'} aria-label={label(figure)}>
      <div className="figure-list-head">
        <b>{label(figure)}</b>
        <Button type="text" size="small" onClick={onClose}>
          {t('action.close')}
        </Button>
      </div>
      {data && (
        <div className="figure-list-sum">
          <b className="numbers" data-testid="figure-sum">
            {sumText(figure, data.sum)} {t(`dashboard.unit.${figure.indicator}`)}
          </b>
          <span className="muted numbers" data-testid="figure-count">
            {t('dashboard.rows', { count: data.items.length })}
          </span>
          <span className="panel-gap" />
          <Button type="primary" size="small" disabled={data.parcels === 0} onClick={onMap}>
            {t('dashboard.on_map', { count: data.parcels })}
          </Button>
        </div>
      )}
      {(data?.items.length ?? 0) > 12 && (
        <Input
          allowClear
          size="small"
          placeholder={t('dashboard.find')}
          aria-label={t('dashboard.find')}
          onChange={event => setText(event.target.value)}
        />
      )}
      <div className="figure-list-rows">
        {data?.items.length === 0 && <EmptyState text={t('dashboard.nothing')} />}
        {found.length > 0 && (
          <table className="sheet">
            <tbody>
              {found.slice(0, SHOWN).map((item, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one record can stand there twice, and rows keep no state
                <Row key={index} item={item} figure={figure} onLeave={onLeave} />
              ))}
            </tbody>
          </table>
        )}
        {found.length > SHOWN && <div className="muted">{t('dashboard.more', { count: found.length - SHOWN })}</div>}
      </div>
    </aside>
  )
}

function Row({ item, figure, onLeave }: Readonly<{ item: FigureItem; figure: Figure; onLeave: () => void }>) {
  const { t } = useTranslation()
  const units = useUnitNames()
  const open = (): void => {
    onLeave()
    if (item.entity === 'zone') openRecord({ entity: 'zone', id: item.id }, 'zones')
    else if (item.parcel_id !== null) {
      setUi({ page: 'map', flyTo: { parcelId: item.parcel_id } })
      openRecord({ entity: 'parcel', id: item.parcel_id })
    } else {
      setUi({ page: 'enterprises' })
      openRecord({ entity: 'enterprise', id: item.id })
    }
  }
  const state = item.state === null ? '' : term(item.entity === 'zone' ? 'zone_status' : 'state', item.state)
  return (
    <tr>
      <td>
        <button type="button" className="link-button figure-list-name" onClick={open}>
          {item.name}
        </button>
        <div className="muted figure-list-more">
          {[
            figure.unit === null ? (units.get(item.unit ?? '') ?? item.unit) : null,
            item.parcel_code,
            item.basis === null ? state : t(`dashboard.basis.${item.basis}`),
          ]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </td>
      <td className="numbers no-break">{item.on ?? ''}</td>
      <td className="numbers-right no-break">{amount(figure, item.amount)}</td>
    </tr>
  )
}

function amount({ indicator }: Figure, value: number | null): string {
  if (value === null) return UNKNOWN
  if (indicator === 'land') return formatMu(value)
  if (indicator === 'energy' || indicator === 'carbon') return formatNumber(value)
  return value === 1 ? '' : formatNumber(value, 0)
}

function sumText({ indicator }: Figure, sum: number): string {
  return formatNumber(sum, indicator === 'land' || indicator === 'energy' || indicator === 'carbon' ? 2 : 0)
}
