/**
 * Entry of the window, small on purpose: it asks for the tiles of the remembered view, then has the map's code and the
 * connection fetched while they are read and painted. The frame around the map follows when the picture is there, or at
 * once when the window opens on another page.
 */
import './map/map.css'
import { browserTiles } from './app/browser-tiles.ts'
import { type StoredView, storedView } from './map/stored-view.ts'
import { askAhead } from './map/tiles-ahead.ts'

/** The frame does not wait longer than this for the picture: a service that is slow must not hold the window up. */
const PICTURE_MS = 1200

const view = opensOnMap() ? storedView() : null
// In the desktop the source comes with the connection.
const source = window.lowland ? null : browserTiles()
if (view) askAhead(view, source)
const map = view && import('./map/early-map.ts')
void import('./app/connection.ts')
  .then(async ({ connect }) => {
    const connection = connect()
    if (view && map) await picture(view, await map, connection)
    return connection
  })
  .then(async connection => (await import('./app/window.tsx')).openWindow(connection))

function opensOnMap(): boolean {
  const page = location.hash.slice(2).split('/')[0]
  return page === '' || page === 'map'
}

async function picture(
  view: StoredView,
  { sourceEarlyMap, startEarlyMap }: typeof import('./map/early-map.ts'),
  connection: import('./app/connection.ts').Connection,
): Promise<void> {
  const early = startEarlyMap(view, {
    source: connection.link()?.tileSource ?? null,
    language: localStorage.getItem('language') === 'en' ? 'en' : 'zh',
    reducedMotion: matchMedia('(prefers-reduced-motion: reduce)').matches,
  })
  const stop = connection.subscribe(() => {
    const ready = connection.link()?.tileSource
    if (ready) sourceEarlyMap(ready)
  })
  await Promise.race([early.started.parcels.whenComplete(), new Promise(resolve => setTimeout(resolve, PICTURE_MS))])
  stop()
}
