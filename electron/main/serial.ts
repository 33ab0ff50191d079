/**
 * Serial ports for GNSS receivers: only our own page may ask, and the person chooses in the window's own list, because
 * Electron has none. The list follows devices that are plugged in while it is open.
 */
import { ipcMain, type Session, type SerialPort as SystemPort, type WebContents } from 'electron'
import { z } from 'zod'
import { CHANNELS, type SerialPortChoice } from '../../shared/contract/desktop.ts'
import { isOwnPage } from './security.ts'

interface Asked {
  readonly page: WebContents
  ports: SystemPort[]
  readonly answer: (portId: string) => void
}

const choiceSchema = z.string().max(200)

const choiceOf = (port: SystemPort): SerialPortChoice => ({
  id: port.portId,
  name: port.displayName || port.portName,
  /** COM3, ttyUSB0: what the person knows it by. */
  place: port.portName,
})

export function offerSerialPorts(session: Session): void {
  let asked: Asked | null = null

  function tell() {
    if (asked && !asked.page.isDestroyed()) asked.page.send(CHANNELS.serialPorts, asked.ports.map(choiceOf))
  }
  function answer(portId: string) {
    const now = asked
    asked = null
    // A port that was pulled out meanwhile counts as none chosen.
    now?.answer(now.ports.some(port => port.portId === portId) ? portId : '')
  }

  session.on('select-serial-port', (event, ports, page, callback) => {
    event.preventDefault()
    // One question at a time: an older one was given up with the page that asked it.
    answer('')
    if (!isOwnPage(page.getURL())) return callback('')
    asked = { page, ports: [...ports], answer: callback }
    tell()
  })
  session.on('serial-port-added', (_event, port) => {
    if (!asked || asked.ports.some(known => known.portId === port.portId)) return
    asked.ports = [...asked.ports, port]
    tell()
  })
  session.on('serial-port-removed', (_event, port) => {
    if (!asked) return
    asked.ports = asked.ports.filter(known => known.portId !== port.portId)
    tell()
  })
  ipcMain.on(CHANNELS.chooseSerialPort, (event, input: unknown) => {
    const chosen = choiceSchema.safeParse(input)
    if (asked && event.sender === asked.page && event.senderFrame === asked.page.mainFrame)
      answer(chosen.success ? chosen.data : '')
  })
}
