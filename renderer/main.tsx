/**
 * Entry of the window. The map comes first, with little code; the frame around it follows as soon as the first picture is
 * there, or at once when the window opens on another page.
 */
import { connect } from './app/connection.ts'
import { sourceEarlyMap, startEarlyMap } from './map/early-map.ts'

/** The frame does not wait longer than this for the picture: a service that is slow must not hold the window up. */
const PICTURE_MS = 500

const connection = connect()
void start().then(async () => (await import('./app/window.tsx')).openWindow(connection))

async function start(): Promise<void> {
  const page = location.hash.slice(2).split('/')[0]
  if (page !== '' && page !== 'map') return
  const early = startEarlyMap({
    source: connection.link()?.tileSource ?? null,
    language: localStorage.getItem('language') === 'en' ? 'en' : 'zh',
    reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
  })
  if (!early) return
  const stop = connection.subscribe(() => {
    const source = connection.link()?.tileSource
    if (source) sourceEarlyMap(source)
  })
  await Promise.race([early.started.parcels.whenComplete(), new Promise(resolve => setTimeout(resolve, PICTURE_MS))])
  stop()
}
