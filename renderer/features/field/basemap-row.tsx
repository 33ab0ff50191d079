/** One basemap of the list: shown or not, place in the order, strength, shift, zooms; what is wrong and what to do. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined } from '@ant-design/icons'
import { Button, Checkbox, InputNumber, Popconfirm, Slider } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../shared/contract/basemaps.ts'
import { language } from '../../app/i18n/i18n.ts'
import { setUi } from '../../app/ui-store.ts'
import { OnlineSettings } from './online-settings.tsx'
import type { Reorder } from './use-reorder.ts'

type Change = Partial<Pick<Basemap, 'opacity' | 'visible' | 'gcj02' | 'shown_from' | 'shown_to'>>

interface BasemapRowProps {
  source: Basemap
  isTop: boolean
  isBottom: boolean
  reorder: Reorder
  onMove: (by: 1 | -1) => void
  onChange: (change: Change) => void
  onRemove: () => void
  onRelocate: () => void
  /** Something about an online source changed. */
  onOnline: () => void
}

export function BasemapRow(props: Readonly<BasemapRowProps>) {
  const { source, isTop, isBottom, reorder, onMove, onChange, onRemove, onRelocate, onOnline } = props
  const { t } = useTranslation()
  const { name } = source
  return (
    <div className={`basemap-row basemap-drop-${reorder.mark(source.id) ?? 'none'}`} {...reorder.row(source.id)}>
      <div className="basemap-head">
        <button
          type="button"
          className="basemap-grip"
          aria-label={t('basemap.grip', { name })}
          title={t('basemap.grip_hint')}
          {...reorder.grip(source.id)}
        >
          <HolderOutlined />
        </button>
        <Checkbox
          checked={source.visible}
          disabled={source.state !== 'ok'}
          onChange={event => onChange({ visible: event.target.checked })}
        >
          <span title={source.file}>{name}</span>
        </Checkbox>
        <span className="panel-gap" />
        <Button
          size="small"
          type="text"
          icon={<ArrowUpOutlined />}
          disabled={isTop}
          aria-label={t('basemap.up', { name })}
          onClick={() => onMove(1)}
        />
        <Button
          size="small"
          type="text"
          icon={<ArrowDownOutlined />}
          disabled={isBottom}
          aria-label={t('basemap.down', { name })}
          onClick={() => onMove(-1)}
        />
        {source.online ? (
          <Popconfirm
            title={t('online.remove_sure', { name })}
            okText={t('online.remove')}
            cancelText={t('online.cancel')}
            onConfirm={onRemove}
          >
            <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={`${t('online.remove')} ${name}`} />
          </Popconfirm>
        ) : (
          <Button
            size="small"
            type="text"
            icon={<DeleteOutlined />}
            aria-label={t('basemap.remove', { name })}
            title={t('basemap.remove', { name })}
            onClick={onRemove}
          />
        )}
      </div>
      {source.online && <OnlineSettings source={source} facts={source.online} onChanged={onOnline} />}
      {source.state === 'ok' ? (
        <Settings source={source} onChange={onChange} />
      ) : (
        <div className="basemap-problem" role="status">
          {language() === 'zh' || source.reason === null ? source.message : t(`reason.${source.reason}`)}{' '}
          {source.state === 'missing' && (
            <Button size="small" onClick={onRelocate}>
              {t('basemap.relocate')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function Settings({ source, onChange }: Readonly<{ source: Basemap; onChange: (change: Change) => void }>) {
  const { t } = useTranslation()
  const { name, note, box } = source
  return (
    <>
      <div className="basemap-head">
        <Slider
          className="basemap-opacity"
          min={0}
          max={100}
          defaultValue={Math.round(source.opacity * 100)}
          ariaLabelForHandle={t('basemap.opacity', { name })}
          onChangeComplete={value => onChange({ opacity: value / 100 })}
        />
        <Checkbox checked={source.gcj02} onChange={event => onChange({ gcj02: event.target.checked })}>
          <span title={t('basemap.gcj02_hint')}>GCJ-02</span>
        </Checkbox>
        {box && (
          <Button size="small" type="link" onClick={() => setUi({ page: 'map', flyTo: { box } })}>
            {t('basemap.fly')}
          </Button>
        )}
      </div>
      <div className="basemap-head basemap-zooms">
        <span>{t('basemap.zooms')}</span>
        <InputNumber
          size="small"
          min={0}
          max={source.shown_to ?? 24}
          value={source.shown_from}
          placeholder={String(source.min_zoom)}
          aria-label={t('basemap.zoom_from', { name })}
          onChange={value => onChange({ shown_from: value })}
        />
        <span>–</span>
        <InputNumber
          size="small"
          min={source.shown_from ?? 0}
          max={24}
          value={source.shown_to}
          placeholder="24"
          aria-label={t('basemap.zoom_to', { name })}
          onChange={value => onChange({ shown_to: value })}
        />
      </div>
      {note && <div className="basemap-note">{t(`reason.${note.reason}`, note.values)}</div>}
      {source.ask_shift && (
        <div className="basemap-note" data-testid="basemap-shift">
          {t('basemap.ask_shift')}{' '}
          <Button size="small" onClick={() => onChange({ gcj02: true })}>
            {t('basemap.ask_yes')}
          </Button>{' '}
          <Button size="small" onClick={() => onChange({ gcj02: false })}>
            {t('basemap.ask_no')}
          </Button>
        </div>
      )}
    </>
  )
}
