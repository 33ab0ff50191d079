/**
 * The real window with a stopwatch: makes the Leaflet map reachable for a measuring harness and tells when everything
 * visible is painted. Bundled only by the bench; nothing of it is in the product. The page contract is the one of the
 * harness: `__map` and `__mapbench { done, firstPaint, selected, tSelected, idle(), setStatus(), setTheme() }`.
 */
import { Map as LeafletMap } from 'leaflet'
import { setUi, uiState, useUi } from '../../../../renderer/app/ui-store.ts'

declare global {
  interface Window {
    __map?: LeafletMap
    __mapbench?: Record<string, unknown>
  }
}

/** Nothing painted for this long, and nothing waiting: the picture is complete. */
const QUIET_MS = 120

let lastPainted = 0
let painted = 0

class TimedWorker extends Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options)
    this.addEventListener('message', ({ data }) => {
      if (data.kind !== 'painted') return
      painted++
      lastPainted = performance.now()
    })
  }
}
window.Worker = TimedWorker
LeafletMap.addInitHook(function (this: LeafletMap) {
  window.__map = this
  // Before this the application itself starts; a person who opens a survey waits for both.
  bench['prep'] = performance.now()
})

const nextFrame = (): Promise<void> => new Promise(resolve => requestAnimationFrame(() => resolve()))

function isLoading(): boolean {
  let loading =
    window.__map === undefined || (window.__map as unknown as { _animatingZoom?: boolean })._animatingZoom === true
  window.__map?.eachLayer(layer => {
    loading ||= (layer as unknown as { isWaiting?: boolean }).isWaiting === true
  })
  return loading
}

/** Resolves with the time of the last bitmap once the picture has been still for a moment. */
async function still(since: number): Promise<number> {
  for (;;) {
    await nextFrame()
    const now = performance.now()
    if (!isLoading() && now - Math.max(lastPainted, since) > QUIET_MS) return Math.max(lastPainted, since)
  }
}

const bench: Record<string, unknown> = {
  done: false,
  selected: null,
  tSelected: 0,
  idle: async () => {
    await still(performance.now() - QUIET_MS)
  },
  async setTheme(k: number) {
    const started = performance.now()
    setUi({ theme: k === 0 ? 'side' : 'unit' })
    const sync = performance.now() - started
    await nextFrame()
    return [sync, (await still(started)) - started]
  },
  /** One parcel's side, through the whole write path: request, commit to disk, event, new tile, paint. */
  async setStatus(_id: unknown, k: number) {
    const id = uiState().selection?.id
    if (id === undefined) return [0, 0]
    const before = painted
    const started = performance.now()
    const rev = (await call('records/get', { entity: 'parcel', id })) as { rev: number }
    const asked = performance.now()
    await call('parcels/markSide', {
      id,
      base_rev: rev.rev,
      side: k % 2 === 0 ? 'inside' : 'outside',
      reason: 'other',
      note: 'bench',
    })
    while (painted === before && performance.now() - asked < 5000) await nextFrame()
    return [asked - started, (await still(asked)) - asked]
  },
}
window.__mapbench = bench

async function call(path: string, input: unknown): Promise<unknown> {
  const response = await fetch(`rpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ json: input }),
  })
  if (!response.ok) throw new Error(`${path}: HTTP ${response.status} ${await response.text()}`)
  return ((await response.json()) as { json: unknown }).json
}

/** The view asked for by cookie, put where the window remembers it. */
const asked = /mapbench=([^;]+)/.exec(document.cookie)?.[1]
if (asked) {
  const { zoom, file, lng, lat } = JSON.parse(decodeURIComponent(asked))
  localStorage.setItem('map-view', JSON.stringify({ file, centre: { lng, lat }, zoom }))
}

let known: string | null = null
setInterval(() => {
  const id = uiState().selection?.id ?? null
  if (id === known) return
  known = id
  bench['selected'] = id
  bench['tSelected'] = performance.now()
}, 1)

void (async () => {
  while (window.__map === undefined || painted === 0) await nextFrame()
  bench['firstPaint'] = (await still(0)) - Number(bench['prep'])
  bench['done'] = true
})()

// Named so that the bundler keeps one store for the window and for the stopwatch.
void useUi
void import('../../../../renderer/main.tsx')
