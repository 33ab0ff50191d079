/** The desktop's list of serial ports, shown when the page asks for one; the browser has a list of its own. */
import { Button, Modal, Radio } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SerialPortChoice } from '../../../shared/contract/desktop.ts'
import { useService } from '../../app/service-context.ts'

export function PortChoice() {
  const { t } = useTranslation()
  const { desktop } = useService()
  const [ports, setPorts] = useState<readonly SerialPortChoice[] | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => {
    if (!desktop) return
    const stop = desktop.onSerialPorts(setPorts)
    return () => {
      stop()
      // The panel goes away with its question.
      desktop.chooseSerialPort(null)
    }
  }, [desktop])
  const take = (id: string | null): void => {
    setPorts(null)
    setChosen(null)
    desktop?.chooseSerialPort(id)
  }
  // The only port needs no choosing, and one that was pulled out cannot be taken.
  const id = ports?.some(port => port.id === chosen) ? chosen : ports?.length === 1 ? ports[0]!.id : null
  return (
    <Modal
      open={ports !== null}
      destroyOnHidden
      title={t('gnss.port_title')}
      onCancel={() => take(null)}
      footer={[
        <Button key="cancel" onClick={() => take(null)}>
          {t('action.cancel')}
        </Button>,
        <Button key="take" type="primary" disabled={id === null} onClick={() => take(id)}>
          {t('gnss.port_take')}
        </Button>,
      ]}
    >
      <div data-testid="serial-ports">
        {ports?.length === 0 && <p>{t('gnss.port_none')}</p>}
        <Radio.Group
          vertical
          value={id}
          onChange={event => setChosen(String(event.target.value))}
          options={(ports ?? []).map(port => ({
            value: port.id,
            label: port.name === port.place ? port.name : `${port.name}(${port.place})`,
          }))}
        />
      </div>
    </Modal>
  )
}
