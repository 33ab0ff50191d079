/** What the positions come from: a receiver on a port, or a log that is played; and what is wrong with it. */
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotify } from '../../app/notify.ts'
import { useDeviceSetting } from '../../app/use-device-setting.ts'
import { connectSerial, disconnectGnss, type GnssSource, openLog, setReplaySpeed, useGnss } from './gnss-session.ts'
import { PortChoice } from './port-choice.tsx'
import { BAUD_RATES, webSerial } from './serial-port.ts'

/** What this computer remembers: the rate that was chosen (0: find it) and the one that last brought sentences. */
interface Remembered {
  readonly baud: number
  readonly worked: number | null
}

const readRemembered = (stored: unknown): Remembered => {
  const { baud, worked } = (stored ?? {}) as Partial<Remembered>
  const isRate = (value: unknown): value is number => BAUD_RATES.some(rate => rate === value)
  return { baud: isRate(baud) ? baud : 0, worked: isRate(worked) ? worked : null }
}

const SPEEDS = [0, 1, 2, 5, 10, 50]

export function SourceSection() {
  const source = useGnss(state => state.source)
  return source ? <Connected source={source} /> : <Choice />
}

function Choice() {
  const { t } = useTranslation()
  const notify = useNotify()
  const serial = webSerial()
  const [remembered, remember] = useDeviceSetting('gnss', readRemembered)
  const [problem, setProblem] = useState<string | null>(null)

  const connect = async (): Promise<void> => {
    if (!serial) return
    setProblem(null)
    const port = await serial.requestPort().catch(() => null)
    if (!port) return
    const { baud, worked } = remembered ?? { baud: 0, worked: null }
    connectSerial(serial, port, baud, worked, t('gnss.receiver'), rate => {
      if (rate !== worked) void remember({ baud, worked: rate })
    })
  }
  const choose = (): void => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = '.nmea,.txt,.log,.nme,.ubx'
    input.addEventListener('change', () => {
      const file = input.files?.[0]
      if (!file) return
      openLog(file).then(why => setProblem(why && t(`gnss.log.${why}`, { name: file.name })), notify.error)
    })
    input.click()
  }
  return (
    <>
      <div className="gnss-row">
        <Button size="small" type="primary" disabled={!serial} onClick={() => void connect()}>
          {t('gnss.connect')}
        </Button>
        <Select
          size="small"
          aria-label={t('gnss.baud')}
          disabled={!serial}
          value={remembered?.baud ?? 0}
          onChange={baud => void remember({ baud, worked: remembered?.worked ?? null })}
          options={[
            { value: 0, label: t('gnss.baud_auto') },
            ...BAUD_RATES.map(value => ({ value: Number(value), label: String(value) })),
          ]}
        />
        <Button size="small" onClick={choose}>
          {t('gnss.open_log')}
        </Button>
      </div>
      {!serial && <div className="muted">{t('gnss.no_serial')}</div>}
      {problem && (
        <div className="gnss-warning" role="alert">
          {problem}
        </div>
      )}
      <div className="muted">{t('gnss.hint')}</div>
      <PortChoice />
    </>
  )
}

function Connected({ source }: Readonly<{ source: GnssSource }>) {
  const { t } = useTranslation()
  const trouble = useGnss(state => state.trouble)
  const speed = useGnss(state => state.speed)
  const isEnded = useGnss(state => state.isEnded)
  return (
    <>
      <div className="gnss-row">
        <b className="ellipsis" title={source.name}>
          {source.kind === 'replay' ? t('gnss.replaying', { name: source.name }) : source.name}
        </b>
        {source.kind === 'serial' && (
          <span className="muted">
            {source.isTrial ? t('gnss.trying', { baud: source.baud }) : t('gnss.at_rate', { baud: source.baud })}
          </span>
        )}
        {source.kind === 'replay' && (
          <span className="numbers">
            {source.done}/{source.moments}
          </span>
        )}
        <span className="panel-gap" />
        {source.kind === 'replay' && (
          <Select
            size="small"
            aria-label={t('gnss.speed_label')}
            value={speed}
            onChange={setReplaySpeed}
            options={SPEEDS.map(value => ({ value, label: value === 0 ? t('gnss.paused') : `${value}×` }))}
          />
        )}
        <Button size="small" onClick={disconnectGnss}>
          {t('gnss.disconnect')}
        </Button>
      </div>
      {isEnded && <div className="muted">{t('gnss.ended')}</div>}
      {trouble && (
        <div className="gnss-warning" role="alert">
          {t(`gnss.trouble.${trouble}`, { baud: source.kind === 'serial' ? source.baud : '' })}
        </div>
      )}
    </>
  )
}
