/** Over a map without parcels: what to do first. Goes away by itself with the first parcel. */
import { Button, Space } from 'antd'
import { useTranslation } from 'react-i18next'
import { setUi } from '../../app/ui-store.ts'

export function EmptyMap({ canEdit }: Readonly<{ canEdit: boolean }>) {
  const { t } = useTranslation()
  return (
    <div className="map-panel map-empty">
      <div>{t('table.empty_map')}</div>
      {canEdit && (
        <Space>
          <Button type="primary" onClick={() => setUi({ page: 'data' })}>
            {t('table.empty_action')}
          </Button>
          <Button onClick={() => setUi({ tool: 'draw' })}>{t('welcome.draw')}</Button>
        </Space>
      )}
    </div>
  )
}
