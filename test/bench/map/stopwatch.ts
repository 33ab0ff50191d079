/**
 * Runs inside the page before any of its code (`addInitScript`): a stopwatch for the product as it is built, which has no
 * door for measuring. It counts what the painting worker is asked for and answers, and watches the document. The pages of
 * the peers put the same object there themselves, so that `drive.ts` need not know whom it measures.
 */

export interface Stopwatch {
  /** The first complete picture has been shown. */
  done: boolean
  /** ms from data in memory to the first complete picture; ours has none there and counts from navigation as well. */
  firstPaint: number
  /** ms from navigation to the first complete picture. */
  fromNavigation: number
  /** When something was last selected, on the clock of `performance.now()`. */
  tSelected: number
  selected: string | number | null
  /** Local key of the parcel hit last; ours only. */
  pk?: number | null
  /** Resolves with the time when everything visible was last drawn, once it stays so. */
  idle(): Promise<number>
  /** Resolves when the zoom that follows has ended. */
  zoomed(): Promise<void>
  /** ms until everything visible shows the other theme. */
  setTheme(k: number): Promise<number>
  /** ms until one parcel shows another colour; null when the page cannot. */
  setStatus(k: number): Promise<number>
  frames: { start(): void; stop(): { frames: number[]; tasks: number[] } }
  tClick: number
  /** The frame after the one that showed the selection. */
  tShown: number
  /** Notes a selection now; only the first one after a click counts. */
  select(what: string | number): void
}

declare global {
  interface Window {
    __stopwatch: Stopwatch
  }
}

/** Only the two recorders that are the same for every page. */
export function recorders(): void {
  const frames: number[] = []
  const tasks: number[] = []
  let isOn = false
  try {
    new PerformanceObserver(list => {
      if (isOn) for (const entry of list.getEntries()) tasks.push(entry.duration)
    }).observe({ entryTypes: ['longtask'] })
  } catch {
    // A browser without long tasks still has frames.
  }
  window.__stopwatch = {
    done: false,
    firstPaint: 0,
    fromNavigation: 0,
    tSelected: 0,
    selected: null,
    tClick: 0,
    tShown: 0,
    select(what) {
      const watch = window.__stopwatch
      watch.selected = what
      if (watch.tSelected >= watch.tClick && watch.tSelected > 0) return
      watch.tSelected = performance.now()
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          watch.tShown = performance.now()
        }),
      )
    },
    idle: () => Promise.reject(new Error('no idle')),
    zoomed: () => Promise.reject(new Error('no zoomed')),
    setTheme: () => Promise.reject(new Error('no setTheme')),
    setStatus: () => Promise.reject(new Error('no setStatus')),
    frames: {
      start() {
        frames.length = 0
        tasks.length = 0
        isOn = true
        let last = 0
        const frame = (now: number): void => {
          if (!isOn) return
          if (last > 0) frames.push(now - last)
          last = now
          requestAnimationFrame(frame)
        }
        requestAnimationFrame(frame)
      },
      stop() {
        isOn = false
        return { frames: [...frames], tasks: [...tasks] }
      },
    },
  }
  addEventListener(
    'click',
    event => {
      window.__stopwatch.tClick = event.timeStamp
    },
    { capture: true },
  )
}

/** The stopwatch of our window. Self-contained: it is sent as text. */
export function ours(): void {
  const QUIET_MS = 120
  const watch = window.__stopwatch
  const waiting = new Set<string>()
  const frame = (): Promise<number> => new Promise(resolve => requestAnimationFrame(resolve))
  let asked = false
  let painted = 0
  let shown = 0
  let lastChanged = 0

  class WatchedWorker extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options)
      this.addEventListener('message', ({ data }) => {
        if (data.kind === 'hit') watch.pk = data.pks[0] ?? watch.pk
        if (data.kind !== 'painted') return
        waiting.delete(data.key)
        painted++
        // The bitmap is placed in this task and seen with the frame after it.
        requestAnimationFrame(() => {
          shown = performance.now()
        })
      })
    }
    override postMessage(message: unknown, options?: unknown): void {
      const { kind, tile } = message as { kind: string; tile?: { layer: string; z: number; x: number; y: number } }
      const key = tile ? `${tile.layer}/${tile.z}/${tile.x}/${tile.y}` : ''
      if (kind === 'want') waiting.add(key)
      if (kind === 'unwant') waiting.delete(key)
      asked ||= kind === 'want'
      if (kind === 'style' || kind === 'changed') lastChanged = performance.now()
      super.postMessage(message, options as StructuredSerializeOptions)
    }
  }
  window.Worker = WatchedWorker

  const isZooming = (): boolean => document.querySelector('.leaflet-zoom-anim') !== null
  const still = async (since: number): Promise<number> => {
    for (;;) {
      await frame()
      const last = Math.max(shown, lastChanged, since)
      if (asked && waiting.size === 0 && !isZooming() && performance.now() - last > QUIET_MS)
        return Math.max(shown, since)
    }
  }
  watch.idle = () => still(0)
  watch.zoomed = async () => {
    const began = performance.now()
    while (!isZooming() && performance.now() - began < 2000) await frame()
    while (isZooming()) await frame()
  }
  watch.setTheme = async k => {
    const select = document.querySelector<HTMLSelectElement>('.map-legend select')!
    const began = performance.now()
    const before = painted
    select.value = k === 0 ? 'side' : 'unit'
    select.dispatchEvent(new Event('change', { bubbles: true }))
    // On a busy machine it may take longer until the first tile than the quiet that `still` waits for.
    while ((lastChanged < began || painted === before) && performance.now() - began < 5000) await frame()
    return (await still(began)) - began
  }
  /** Through the whole write path: request, commit to disk, event, tile, frame. */
  watch.setStatus = async k => {
    const before = painted
    const { record } = (await call('parcels/detail', { pk: watch.pk })) as { record: { id: string; rev: number } }
    const began = performance.now()
    const side = k % 2 === 0 ? 'inside' : 'outside'
    const saved = call('parcels/markSide', {
      id: record.id,
      base_rev: record.rev,
      side,
      reason: 'other',
      note: 'bench',
    })
    while (painted === before && performance.now() - began < 5000) await frame()
    await frame()
    await saved
    return (await still(began)) - began
  }
  async function call(path: string, input: unknown): Promise<unknown> {
    const response = await fetch(`rpc/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ json: input }),
    })
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`)
    return ((await response.json()) as { json: unknown }).json
  }

  document.addEventListener('DOMContentLoaded', () => {
    let outline = ''
    new MutationObserver(() => {
      const now = document.querySelector('path.map-selected')?.getAttribute('d') ?? ''
      if (now === outline) return
      outline = now
      if (now !== '' && now !== 'M0 0') watch.select(now)
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['d'] })
  })
  void (async () => {
    watch.fromNavigation = await still(0)
    watch.firstPaint = watch.fromNavigation
    watch.done = true
  })()
}
