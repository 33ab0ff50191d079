/**
 * The tiles of the first picture, asked for before Leaflet is there to ask: the worker starts, the service reads and the
 * worker paints while the window still fetches its code. What this guesses wrong costs a tile and shows nothing false: the
 * layer takes only the tiles that it wants itself, and the rest is let go.
 */
import { latitudeToTile, longitudeToTile, TILE_SIZE_PX, ZOOM_OFFSET } from '../../shared/tiles/tile-address.ts'
import type { TileSource } from './map-port.ts'
import { devicePixels } from './painting/device-pixels.ts'
import { acquirePainter } from './painting/painter-link.ts'
import type { TileAddress } from './painting/painter-messages.ts'
import type { StoredView } from './stored-view.ts'

/** Room that the frame keeps beside the map, as `.map-early` has it. */
const FRAME_PX = { width: 64, height: 64 }

export function askAhead(view: StoredView, source: TileSource | null): void {
  const painter = acquirePainter(source)
  const z = view.zoom - ZOOM_OFFSET
  const x = longitudeToTile(view.centre.lng, z)
  const y = latitudeToTile(view.centre.lat, z)
  painter.send({ kind: 'centre', z, x, y })
  const size = { width: innerWidth - FRAME_PX.width, height: innerHeight - FRAME_PX.height }
  painter.ahead(tilesAround(z, x, y, size), devicePixels())
}

/** Tiles that a view of this size meets, in px, around a place in fractional tiles; nothing beyond the world. */
export function tilesAround(
  z: number,
  x: number,
  y: number,
  size: { readonly width: number; readonly height: number },
): TileAddress[] {
  const [across, down] = [size.width / 2 / TILE_SIZE_PX, size.height / 2 / TILE_SIZE_PX]
  const last = 2 ** z - 1
  const tiles: TileAddress[] = []
  for (
    let column = Math.max(0, Math.floor(x - across));
    column <= Math.min(last, Math.ceil(x + across) - 1);
    column++
  ) {
    for (let row = Math.max(0, Math.floor(y - down)); row <= Math.min(last, Math.ceil(y + down) - 1); row++) {
      tiles.push({ layer: 'parcels', z, x: column, y: row })
    }
  }
  return tiles
}
