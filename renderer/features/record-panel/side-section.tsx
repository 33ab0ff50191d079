/**
 * On which side the parcel lies: the computed answer with its areas, and the person's mark beside it. The two are never
 * one; a mark that differs needs a reason.
 */
import { Button, Input, Space } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { formatInstant, formatMu, formatPercent } from '../../app/format.ts'
import { language, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { RoleButton } from '../../ui/role-button.tsx'
import { SideChip } from '../../ui/side-chip.tsx'

const SIDES = ['inside', 'outside', 'crossing'] as const
type Side = (typeof SIDES)[number]

export function SideSection({ record }: Readonly<{ record: Record<string, unknown> }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const computed = String(record['side'] ?? 'unknown')
  const marked = record['side_marked'] as Side | null
  const [asking, setAsking] = useState<Side | null>(null)
  const share = record['inside_share'] as number | null

  // The keyboard marks too; when a reason is needed it lands here.
  useEffect(() => {
    const ask = (event: Event): void => setAsking((event as CustomEvent<{ side: Side }>).detail.side)
    document.addEventListener('lowland-mark', ask)
    return () => document.removeEventListener('lowland-mark', ask)
  }, [])

  const mark = async (side: Side | null, reason: string | null, note: string | null): Promise<void> => {
    try {
      await tracked(() =>
        client.parcels.markSide({ id: String(record['id']), base_rev: Number(record['rev']), side, reason, note }),
      )
      setAsking(null)
    } catch (error) {
      notify.error(error)
    }
  }
  const choose = (side: Side): void => {
    if (side === marked) void mark(null, null, null)
    else if (computed !== 'unknown' && side !== computed) setAsking(side)
    else void mark(side, null, null)
  }
  return (
    <div className="side-section">
      <div className="side-computed">
        <span className="muted">{t('parcel.side.computed')}</span> <SideChip side={computed} />
        {share === null ? (
          <span className="muted">{t('parcel.side.no_boundary')}</span>
        ) : (
          <span className="numbers">
            {t('parcel.side.in')} {formatMu(record['area_in_m2'] as number)} {t('common.mu')} ({formatPercent(share)}) ·{' '}
            {t('parcel.side.out')} {formatMu(record['area_out_m2'] as number)} {t('common.mu')}
          </span>
        )}
      </div>
      {share !== null && (
        <div className="share-bar" role="img" aria-label={formatPercent(share)}>
          <i style={{ width: `${share * 100}%` }} />
        </div>
      )}
      <Space size={4} wrap>
        <span className="muted">{t('parcel.side.mark')}</span>
        {SIDES.map((side, index) => (
          <RoleButton
            calls="parcels.markSide"
            key={side}
            type={marked === side ? 'primary' : 'default'}
            aria-pressed={marked === side}
            title={`${index + 1}`}
            onClick={() => choose(side)}
          >
            {term('side_mark', side)}
          </RoleButton>
        ))}
      </Space>
      {marked && (
        <div className="muted side-author">
          {t('parcel.side.by', {
            who: String(record['side_marked_by'] ?? ''),
            when: formatInstant(record['side_marked_at'] as string),
          })}
          {record['side_mark_reason'] ? ` · ${term('side_mark_reason', String(record['side_mark_reason']))}` : ''}
          {record['side_mark_note'] ? `:${String(record['side_mark_note'])}` : ''}
        </div>
      )}
      {marked && computed !== 'unknown' && marked !== computed && (
        <div className="side-differs">{t('parcel.side.differs')}</div>
      )}
      {asking && (
        <ReasonForm
          side={asking}
          computed={computed}
          onCancel={() => setAsking(null)}
          onSubmit={(reason, note) => void mark(asking, reason, note)}
        />
      )}
    </div>
  )
}

function ReasonForm({
  side,
  computed,
  onSubmit,
  onCancel,
}: Readonly<{
  side: Side
  computed: string
  onSubmit: (reason: string, note: string | null) => void
  onCancel: () => void
}>) {
  const { t } = useTranslation()
  const [note, setNote] = useState('')
  const text = note.trim()
  return (
    <div className="reason-form">
      <div>{t('parcel.side.why', { computed: term('side', computed), marked: term('side_mark', side) })}</div>
      <Input.TextArea
        rows={1}
        maxLength={400}
        value={note}
        placeholder={t('parcel.side.note')}
        aria-label={t('parcel.side.note')}
        onChange={event => setNote(event.target.value)}
      />
      <Space size={4} wrap>
        {ENUMERATIONS.side_mark_reason.map(({ code, ...item }) => (
          <Button
            key={code}
            disabled={code === 'other' && text === ''}
            title={t('parcel.side.confirm', { side: term('side_mark', side) })}
            onClick={() => onSubmit(code, text || null)}
          >
            {item[language()]}
          </Button>
        ))}
        <Button type="text" onClick={onCancel}>
          {t('action.cancel')}
        </Button>
      </Space>
    </div>
  )
}
