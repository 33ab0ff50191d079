/** The part of Web Serial that is used here; TypeScript's DOM library does not have it. */

export interface SerialPortInfo {
  readonly usbVendorId?: number
  readonly usbProductId?: number
}

export interface SerialPortLike {
  readonly readable: ReadableStream<Uint8Array> | null
  open(options: { baudRate: number; bufferSize?: number }): Promise<void>
  close(): Promise<void>
  getInfo(): SerialPortInfo
}

export interface SerialLike {
  /** Asks the person; rejects when none is chosen. */
  requestPort(): Promise<SerialPortLike>
  /** Ports that were chosen before and are plugged in. */
  getPorts(): Promise<SerialPortLike[]>
}

/** Undefined where there is no Web Serial. */
export function webSerial(): SerialLike | undefined {
  return (navigator as Navigator & { serial?: SerialLike }).serial
}

/** Rates that receivers are set to, the usual ones first. */
export const BAUD_RATES = [9600, 115_200, 38_400, 4800, 57_600, 230_400, 460_800] as const
