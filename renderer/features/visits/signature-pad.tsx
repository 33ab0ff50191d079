/** Signing by hand: drawn with pen, finger or mouse, kept as a PNG with the visit. */
import { Button, Select, Space } from 'antd'
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Pixels of the kept picture; the canvas is shown as wide as the panel. */
const WIDTH = 600
const HEIGHT = 200

export function SignaturePad({
  names,
  onSave,
  onClose,
}: Readonly<{
  /** Who may sign; the first one not signed yet is proposed. */
  names: readonly string[]
  onSave: (name: string, png: string) => Promise<void>
  onClose: () => void
}>) {
  const { t } = useTranslation()
  const pad = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  // It opens below what is filled in, often below the fold.
  useEffect(() => {
    pad.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const [name, setName] = useState(names[0] ?? '')
  const [isDrawn, setDrawn] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const at = (event: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect()
    return [((event.clientX - box.left) / box.width) * WIDTH, ((event.clientY - box.top) / box.height) * HEIGHT]
  }
  const begin = (event: PointerEvent<HTMLCanvasElement>): void => {
    const pen = canvas.current?.getContext('2d')
    if (!pen) return
    event.currentTarget.setPointerCapture(event.pointerId)
    pen.lineWidth = 4
    pen.lineCap = 'round'
    pen.lineJoin = 'round'
    pen.strokeStyle = '#10233a'
    pen.beginPath()
    pen.moveTo(...at(event))
  }
  const draw = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons === 0) return
    const pen = canvas.current?.getContext('2d')
    pen?.lineTo(...at(event))
    pen?.stroke()
    setDrawn(true)
  }
  const clear = (): void => {
    canvas.current?.getContext('2d')?.clearRect(0, 0, WIDTH, HEIGHT)
    setDrawn(false)
  }
  const save = async (): Promise<void> => {
    setBusy(true)
    try {
      await onSave(name, canvas.current!.toDataURL('image/png'))
    } finally {
      setBusy(false)
    }
  }
  return (
    <div ref={pad} className="signature-pad">
      <Select
        size="small"
        className="signature-name"
        aria-label={t('visit.signs')}
        value={name}
        options={names.map(value => ({ value, label: value }))}
        onChange={setName}
      />
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        aria-label={t('visit.sign_here')}
        onPointerDown={begin}
        onPointerMove={draw}
      />
      {!isDrawn && <div className="signature-hint muted">{t('visit.sign_here')}</div>}
      <Space size={4}>
        <Button
          size="small"
          type="primary"
          disabled={!isDrawn || name === ''}
          loading={isBusy}
          onClick={() => void save()}
        >
          {t('visit.keep_signature')}
        </Button>
        <Button size="small" disabled={!isDrawn} onClick={clear}>
          {t('visit.clear')}
        </Button>
        <Button size="small" type="text" onClick={onClose}>
          {t('action.cancel')}
        </Button>
      </Space>
    </div>
  )
}
