/** Says over the map that the outline being drawn is a zone's, and ends that when another tool is taken. */
import { Alert, Button } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { setUi, useUi } from '../../app/ui-store.ts'

export function DrawingForZone() {
  const { t } = useTranslation()
  const zone = useUi(state => state.drawingFor)
  const tool = useUi(state => state.tool)
  useEffect(() => {
    if (zone && tool !== 'draw') setUi({ drawingFor: null })
  }, [zone, tool])
  if (!zone) return null
  return (
    <div className="drawing-for-zone">
      <Alert
        type="info"
        showIcon
        title={t('zone.drawing_for', { name: zone.name })}
        action={
          <Button size="small" onClick={() => setUi({ drawingFor: null, tool: 'select', page: 'zones' })}>
            {t('zone.drawing_stop')}
          </Button>
        }
      />
    </div>
  )
}
