/** Plays a receiver log as if the receiver were there: at the speed that is wished now, with pauses. */
import type { ReceiverLog } from '../../../shared/gnss/replay.ts'

export interface ReplayControl {
  /** Times the speed of the recording; 0 pauses. */
  speed: () => number
  /** Called when the wish may have changed; the player looks again. */
  onWake: (wake: () => void) => void
}

/** While it is paused it looks again this often, should nobody wake it. */
const PAUSE_MS = 250

/** Resolves at the end of the log, or when it is stopped. */
export async function playLog(
  log: ReceiverLog,
  control: ReplayControl,
  onBytes: (piece: Uint8Array, done: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, { bytes, waitMs }] of log.pieces.entries()) {
    // What is left of the wait is kept in log time, so that a change of speed takes effect at once.
    let left = waitMs
    while (left > 0.5 || control.speed() === 0) {
      if (signal.aborted) return
      const speed = control.speed()
      const began = performance.now()
      await pause(speed === 0 ? PAUSE_MS : left / speed, control, signal)
      left -= (performance.now() - began) * speed
    }
    if (signal.aborted) return
    onBytes(bytes, index + 1)
  }
}

function pause(ms: number, control: ReplayControl, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    control.onWake(done)
    signal.addEventListener('abort', done)
  })
}
