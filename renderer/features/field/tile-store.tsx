/** Tiles of online basemaps on this computer: how many, how large, up to which limit; all of them can be cleared. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, InputNumber, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { CACHE_LIMIT_MB, type TileCacheFacts } from '../../../shared/contract/online-basemaps.ts'
import { formatMegabytes, formatNumber } from '../../app/format.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'

/** `tiles` is the sum that the list shows: another one means that this is to be asked for again. */
export function TileStore({ tiles, onChanged }: Readonly<{ tiles: number; onChanged: () => void }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const queries = useQueryClient()
  const key = ['online-cache', tiles]
  const { data } = useQuery({ queryKey: key, queryFn: () => client.onlineBasemaps.cache({}) })
  const apply = (change: Promise<TileCacheFacts>): Promise<void> =>
    change.then(facts => {
      queries.setQueryData(key, facts)
      onChanged()
    }, notify.error)
  if (!data) return null
  return (
    <div className="basemap-head basemap-store" data-testid="tile-store">
      <span>{t('online.store', { tiles: formatNumber(data.tiles, 0), size: formatMegabytes(data.bytes) })}</span>
      <InputNumber
        size="small"
        min={CACHE_LIMIT_MB.least}
        max={CACHE_LIMIT_MB.most}
        precision={0}
        controls={false}
        value={data.limit_mb}
        suffix="MB"
        changeOnBlur
        aria-label={t('online.limit')}
        onBlur={event => {
          const limit_mb = Number(event.target.value)
          const isValid =
            Number.isInteger(limit_mb) && limit_mb >= CACHE_LIMIT_MB.least && limit_mb <= CACHE_LIMIT_MB.most
          if (isValid && limit_mb !== data.limit_mb) void apply(client.onlineBasemaps.cache({ limit_mb }))
        }}
        onPressEnter={event => event.currentTarget.blur()}
      />
      {data.tiles > 0 && (
        <Popconfirm
          title={t('online.clear_sure')}
          okText={t('online.clear')}
          cancelText={t('online.cancel')}
          onConfirm={() => apply(client.onlineBasemaps.clear({}))}
        >
          <Button size="small" type="link">
            {t('online.clear_all')}
          </Button>
        </Popconfirm>
      )}
    </div>
  )
}
