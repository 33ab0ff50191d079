/** Panels that Escape closes, the last one opened first, once nothing nearer (a tool, a dialog, a text field) wants the key. */
import { useEffect, useRef } from 'react'

const open: (() => void)[] = []

/** While `isOpen`, Escape calls `close`. */
export function useEscape(isOpen: boolean, close: () => void): void {
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    if (!isOpen) return
    const entry = (): void => latest.current()
    open.push(entry)
    return () => {
      open.splice(open.indexOf(entry), 1)
    }
  }, [isOpen])
}

/** Closes the panel that was opened last, if there is one. */
export function closeLastPanel(): void {
  open.at(-1)?.()
}
