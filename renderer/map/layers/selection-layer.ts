/** The selected parcel as a Leaflet layer of its own, from stored coordinates and not from the coarser tiles. */
import { type LatLngTuple, type Map as LeafletMap, Polygon, svg } from 'leaflet'
import type { ParcelDetail } from '../../../shared/contract/parcels.ts'
import type { MapService } from '../map-port.ts'
import { toLatLngs } from './view-geometry.ts'

const PANE = 'selection'

export interface SelectionLayer {
  select(id: string | null): void
  /** Sets a parcel off before its record is read; [lat, lng] rings, first the outer one of each part. */
  foresee(rings: LatLngTuple[][]): void
  /** Back from what was foreseen to what is selected. */
  settle(): void
  /** A detail that was read anyway, so that the selection needs no second call. */
  offer(detail: ParcelDetail): void
  /** The selected record may have changed. */
  refresh(): void
  /** Hidden while a tool draws the parcel itself. */
  setHidden(isHidden: boolean): void
  remove(): void
}

export function selectionLayer(
  map: LeafletMap,
  service: () => MapService['parcels'],
  onProblem: (error: unknown) => void,
): SelectionLayer {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '420'
  pane.style.pointerEvents = 'none'
  const renderer = svg({ pane: PANE, padding: 0.2 })
  let selected: string | null = null
  let offered: ParcelDetail | null = null
  let outline: Polygon | null = null
  let foreseen = false
  let turn = 0

  function drawRings(rings: LatLngTuple[][] | LatLngTuple[][][]) {
    outline?.remove()
    outline = new Polygon(rings, {
      pane: PANE,
      renderer,
      interactive: false,
      className: 'map-selected',
      smoothFactor: 0,
    }).addTo(map)
  }

  function draw(detail: ParcelDetail) {
    foreseen = false
    drawRings(toLatLngs(detail.geometry))
  }

  function show(id: string | null) {
    selected = id
    foreseen = false
    turn += 1
    if (id === null) outline?.remove()
    else if (offered?.record['id'] === id) draw(offered)
    else void read(id)
  }

  async function read(id: string) {
    const mine = ++turn
    try {
      const detail = await service().detail({ id })
      if (mine === turn) draw(detail)
    } catch (error) {
      if (mine !== turn) return
      outline?.remove()
      // A parcel that was deleted meanwhile is simply no longer there.
      if ((error as { code?: string }).code !== 'NOT_FOUND' && (error as { code?: string }).code !== 'not_found') {
        onProblem(error)
      }
    }
  }

  return {
    select(id) {
      if (id !== selected) show(id)
    },
    foresee(rings) {
      turn += 1
      foreseen = true
      drawRings(rings)
    },
    settle() {
      if (foreseen) show(selected)
    },
    offer(detail) {
      offered = detail
      if (foreseen && detail.record['id'] === selected) draw(detail)
    },
    refresh() {
      offered = null
      if (selected !== null) void read(selected)
    },
    setHidden(isHidden) {
      pane.style.display = isHidden ? 'none' : ''
    },
    remove() {
      turn += 1
      outline?.remove()
    },
  }
}
