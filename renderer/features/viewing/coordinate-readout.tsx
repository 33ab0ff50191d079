/** Where the pointer is, in the coordinate system that the person chose; the choice outlives the window. */
import { useTranslation } from 'react-i18next'
import { COORDINATE_SYSTEMS, type CoordinateSystem, coordinateText } from '../../app/coordinates.ts'
import { useUi } from '../../app/ui-store.ts'
import { useDeviceSetting } from '../../app/use-device-setting.ts'

const readSystem = (stored: unknown): CoordinateSystem =>
  COORDINATE_SYSTEMS.find(system => system === stored) ?? 'degrees'

export function CoordinateReadout() {
  const { t } = useTranslation()
  const pointer = useUi(state => state.pointer)
  const [system, setSystem] = useDeviceSetting('coordinate_system', readSystem)
  if (!system) return null
  return (
    <>
      <span className="numbers" data-testid="coordinates">
        {pointer ? (coordinateText(system, pointer.lng, pointer.lat) ?? t('viewing.too_far')) : ''}
      </span>
      <select
        className="status-select"
        aria-label={t('viewing.system')}
        title={t('viewing.system')}
        value={system}
        onChange={event => void setSystem(event.target.value as CoordinateSystem)}
      >
        {COORDINATE_SYSTEMS.map(name => (
          <option key={name} value={name}>
            {t(`viewing.systems.${name.replace(':', '_')}`)}
          </option>
        ))}
      </select>
    </>
  )
}
