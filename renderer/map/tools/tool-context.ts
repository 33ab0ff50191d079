/** What tools may ask and tell: pixels from the map, parcels and checks from the service, writing from the application. */
import type { Map as LeafletMap } from 'leaflet'
import type { ParcelDetail } from '../../../shared/contract/parcels.ts'
import { UNITS_PER_PX } from '../../../shared/tiles/packed-tile.ts'
import {
  latitudeToTile,
  longitudeToTile,
  TILE_SIZE_PX,
  tileLatitude,
  tileLongitude,
  ZOOM_OFFSET,
} from '../../../shared/tiles/tile-address.ts'
import { reasonOfCorners } from '../field/corner-notes.ts'
import type { ParcelLayer } from '../layers/parcel-layer.ts'
import type { SelectionLayer } from '../layers/selection-layer.ts'
import type { SketchLayer } from '../layers/sketch-layer.ts'
import type { MapPort } from '../map-port.ts'
import type { Hit, PainterLink } from '../painting/painter-link.ts'
import type { TileAddress } from '../painting/painter-messages.ts'
import type { Neighbour, Sketch, SketchGeometry } from './sketch.ts'
import type { BasedOn, PixelPlace, ToolContext } from './tool.ts'

export interface ContextParts {
  port: () => MapPort
  painter: PainterLink
  parcels: ParcelLayer
  selection: SelectionLayer
  sketch: SketchLayer
  onSketch: (sketch: Sketch | null) => void
}

/** Side of a tile in the units of its outlines. */
const TILE_SIDE = TILE_SIZE_PX * UNITS_PER_PX

/** A window that is not shown draws no frames. */
const FRAME_MS = 100

/** Resolves when what was drawn just now has had its frame. */
function seen(): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, FRAME_MS)
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer)
        resolve()
      }),
    )
  })
}

/** What is to be written of corners that were measured. */
function measured(outlines: readonly SketchGeometry[]): { reason?: string } {
  const reason = reasonOfCorners(outlines)
  return reason === null ? {} : { reason }
}

const atRevision = ({ id, rev }: BasedOn) => ({ id, base_rev: rev })

export function toolContext(map: LeafletMap, parts: ContextParts): ToolContext {
  const { port, painter, parcels, selection, sketch } = parts
  const service = () => port().service.parcels
  const parcelByKey = (key: { id?: string; pk?: number }): Promise<ParcelDetail> => service().detail(key)
  let picked: readonly string[] = []

  async function pick(
    place: PixelPlace,
    found?: (tile: TileAddress, rings: Hit['rings']) => Promise<void>,
  ): Promise<string | null> {
    const { lng, lat } = map.containerPointToLatLng([place.x, place.y])
    const z = map.getZoom() - ZOOM_OFFSET
    const column = longitudeToTile(lng, z)
    const row = latitudeToTile(lat, z)
    const address = parcels.addressOf({ x: Math.floor(column), y: Math.floor(row), z: map.getZoom() })
    const { pks, rings } = await painter.hit(address, (column % 1) * TILE_SIDE, (row % 1) * TILE_SIDE)
    const [pk] = pks
    if (pk === undefined) return null
    const [detail] = await Promise.all([parcelByKey({ pk }), found?.(address, rings)])
    selection.offer(detail)
    return String(detail.record['id'])
  }

  return {
    toPixel([lng, lat]) {
      const { x, y } = map.latLngToContainerPoint([lat, lng])
      return { x, y }
    },
    toPosition({ x, y }) {
      const { lng, lat } = map.containerPointToLatLng([x, y])
      return [lng, lat]
    },
    pick: place => pick(place),
    async pickToSelect(place) {
      return pick(place, async ({ z, x, y }, rings) => {
        if (rings.length === 0) return
        selection.foresee(
          rings.map(ring =>
            Array.from({ length: ring.length / 2 }, (_, vertex) => [
              tileLatitude(y + ring[2 * vertex + 1]! / TILE_SIDE, z),
              tileLongitude(x + ring[2 * vertex]! / TILE_SIDE, z),
            ]),
          ),
        )
        // The record that opens now takes longer than a frame: it must not hold the outline back.
        await seen()
      })
    },
    dropPicked: () => selection.settle(),
    async parcel(id) {
      const { record, geometry } = await parcelByKey({ id })
      return {
        id,
        pk: Number(record['pk']),
        rev: Number(record['rev']),
        code: String(record['code']),
        geometry: geometry as Neighbour['geometry'],
      }
    },
    async neighbours(box, excludeId) {
      const [west, south, east, north] = box
      const found = await service().neighbours({
        box: [west, south, east, north],
        ...(excludeId ? { exclude_id: excludeId } : {}),
      })
      return found as Neighbour[]
    },
    around: async id => (await service().neighbours({ of: id })) as Neighbour[],
    check: outlines =>
      service().previewGeometry({
        outlines: outlines.map(({ id, geometry }) => ({ geometry, ...(id === null ? {} : { id }) })),
      }),
    preview: {
      atBoundary: parcel => service().splitAtBoundary({ ...atRevision(parcel), dry_run: true }),
      merge: chosen => service().merge({ parcels: chosen.map(atRevision), dry_run: true }),
      cutOut: (parcel, gives_way) => service().cutOut({ ...atRevision(parcel), gives_way, dry_run: true }),
    },
    show(next) {
      sketch.show(next)
      parts.onSketch(next)
    },
    hide(pks) {
      painter.send({ kind: 'skip', pks: [...pks] })
      selection.setHidden(pks.length > 0)
    },
    select: id => port().onSelect(id),
    drawn: geometry => port().onEdit({ kind: 'create', geometry, ...measured([geometry]) }),
    reshaped: (reshaped, { label, values = {} }) =>
      port().onEdit({
        kind: 'reshape',
        parcels: reshaped.map(({ geometry, ...parcel }) => ({ ...atRevision(parcel), geometry })),
        label,
        label_values: { ...values },
        ...measured(reshaped.map(parcel => parcel.geometry)),
      }),
    split: (parcel, line) =>
      port().onEdit({ kind: 'split', ...atRevision(parcel), line: line.map(([lng, lat]) => [lng, lat]) }),
    splitAtBoundary: parcel => port().onEdit({ kind: 'splitAtBoundary', ...atRevision(parcel) }),
    merged: chosen => port().onEdit({ kind: 'merge', parcels: chosen.map(atRevision) }),
    cutOut: (parcel, gives_way) => port().onEdit({ kind: 'cutOut', ...atRevision(parcel), gives_way }),
    removed: parcel => port().onDelete(parcel),
    startMerge(ids) {
      picked = ids
      port().onToolChange('merge')
    },
    takePicked() {
      const ids = picked
      picked = []
      return ids
    },
    leave: () => port().onToolChange('select'),
    problem: error => port().onProblem?.(error),
    selectedId: () => port().selectedId,
  }
}
