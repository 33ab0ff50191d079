/** What an online basemap has besides others: fetching on or off, how it stands, its key, kept tiles and the download. */
import { Button, Input, Popconfirm, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Basemap } from '../../../shared/contract/basemaps.ts'
import type { OnlineFacts } from '../../../shared/contract/online-basemaps.ts'
import { formatMegabytes, formatNumber } from '../../app/format.ts'
import { language } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { AreaDownload } from './area-download.tsx'

interface OnlineSettingsProps {
  source: Basemap
  facts: OnlineFacts
  /** Something changed: the list is to be asked for again. */
  onChanged: () => void
}

export function OnlineSettings({ source, facts, onChanged }: Readonly<OnlineSettingsProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const [key, setKey] = useState<string | null>(null)
  const [isDownloading, setDownloading] = useState(false)
  const { id, name } = source
  const change = (wish: { fetching?: boolean; key?: string }): void =>
    void client.onlineBasemaps.change({ id, ...wish }).then(onChanged, notify.error)
  const takeKey = (): void => {
    if (key === null || key === '') return
    change({ key })
    setKey(null)
  }
  const isTroubled = facts.reason !== null
  return (
    <>
      <div className="basemap-head">
        <Switch
          size="small"
          checked={facts.fetching}
          aria-label={t('online.fetching_of', { name })}
          title={t('online.fetching_hint', { host: facts.host })}
          onChange={fetching => change({ fetching })}
        />
        <span title={t('online.fetching_hint', { host: facts.host })}>{t('online.fetching')}</span>
        <span className={isTroubled ? 'basemap-problem' : 'muted'} data-testid="online-state">
          {t(`online.state.${facts.state}`)}
        </span>
        <span className="panel-gap" />
        {facts.has_key && key === null && (
          <Button size="small" type="link" onClick={() => setKey('')}>
            {t('online.new_key')}
          </Button>
        )}
      </div>
      {isTroubled && (
        <div className="basemap-problem" role="status">
          {language() === 'zh' ? facts.message : t(`reason.${facts.reason}`, facts.values)}{' '}
          <Button size="small" onClick={() => change({})}>
            {t('online.retry')}
          </Button>
        </div>
      )}
      {key !== null && (
        <div className="basemap-head">
          <Input.Password
            size="small"
            autoFocus
            value={key}
            aria-label={t('online.key')}
            autoComplete="off"
            onChange={event => setKey(event.target.value.trim())}
            onPressEnter={takeKey}
          />
          <Button size="small" type="primary" disabled={key === ''} onClick={takeKey}>
            {t('online.use_key')}
          </Button>
          <Button size="small" onClick={() => setKey(null)}>
            {t('online.cancel')}
          </Button>
        </div>
      )}
      <div className="basemap-head">
        <span className="muted" data-testid="online-kept">
          {t('online.kept', { tiles: formatNumber(facts.tiles, 0), size: formatMegabytes(facts.bytes) })}
        </span>
        <span className="panel-gap" />
        {facts.tiles > 0 && (
          <Popconfirm
            title={t('online.clear_sure')}
            okText={t('online.clear')}
            cancelText={t('online.cancel')}
            onConfirm={() => client.onlineBasemaps.clear({ id }).then(onChanged, notify.error)}
          >
            <Button size="small" type="link" aria-label={t('online.clear_one', { name })}>
              {t('online.clear')}
            </Button>
          </Popconfirm>
        )}
        <Button size="small" onClick={() => setDownloading(true)}>
          {t('online.download')}
        </Button>
      </div>
      {isDownloading && (
        <AreaDownload
          source={source}
          onClose={() => {
            setDownloading(false)
            onChanged()
          }}
        />
      )}
    </>
  )
}
