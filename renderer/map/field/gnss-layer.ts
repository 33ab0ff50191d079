/** The receiver on the map: a dot or an arrow, the circle of its accuracy, the track. Follows it when asked to. */
import { Circle, DivIcon, LayerGroup, type Map as LeafletMap, Marker, Polyline, svg } from 'leaflet'
import { gnssView, setGnssView, subscribeGnssView } from './gnss-view.ts'

const PANE = 'gnss'
/**
 * Where a followed position may be, in shares of the map's size: right of the receiver's panel, left of the legend. The map
 * moves only when it leaves this, so that it can be looked at.
 */
const CALM = { west: 0.5, east: 0.78, north: 0.2, south: 0.75 }
const AIM = { x: 0.62, y: 0.45 }
/** Following begins no farther away than this: parcels can be seen. */
const NEAR_ZOOM = 17

export interface GnssLayer {
  remove(): void
}

export function gnssLayer(map: LeafletMap): GnssLayer {
  const pane = map.createPane(PANE)
  pane.style.zIndex = '620'
  pane.style.pointerEvents = 'none'
  const renderer = svg({ pane: PANE, padding: 0.2 })
  const group = new LayerGroup().addTo(map)
  const plain = { pane: PANE, renderer, interactive: false }
  const circle = new Circle([0, 0], { ...plain, radius: 1, className: 'gnss-circle' })
  const track = new Polyline([], { ...plain, className: 'gnss-track', fill: false })
  const face = document.createElement('span')
  const marker = new Marker([0, 0], {
    pane: PANE,
    interactive: false,
    keyboard: false,
    icon: new DivIcon({ html: face, className: 'gnss-marker', iconSize: [22, 22] }),
  })
  let wasFollowed = false

  function show() {
    const { place, accuracyM, courseDegrees, isStale, isFollowed, track: places, label } = gnssView()
    if (places.length > 1) track.setLatLngs(places.map(({ lng, lat }): [number, number] => [lat, lng])).addTo(group)
    else track.remove()
    if (!place) {
      circle.remove()
      marker.remove()
      return
    }
    const at: [number, number] = [place.lat, place.lng]
    if (accuracyM === null) circle.remove()
    else circle.setLatLng(at).setRadius(accuracyM).addTo(group)
    circle.getElement()?.classList.toggle('gnss-stale', isStale)
    marker.setLatLng(at).addTo(group)
    face.className = courseDegrees === null ? 'gnss-dot' : 'gnss-arrow'
    face.classList.toggle('gnss-stale', isStale)
    face.style.transform = courseDegrees === null ? '' : `rotate(${courseDegrees}deg)`
    face.title = label
    if (isFollowed) follow(at)
    wasFollowed = isFollowed
  }

  function follow(at: [number, number]) {
    const size = map.getSize()
    if (!wasFollowed) map.setView(at, Math.max(map.getZoom(), NEAR_ZOOM), { animate: false })
    const { x, y } = map.latLngToContainerPoint(at)
    const isCalm =
      x > size.x * CALM.west && x < size.x * CALM.east && y > size.y * CALM.north && y < size.y * CALM.south
    if (!wasFollowed || !isCalm) map.panBy([x - size.x * AIM.x, y - size.y * AIM.y], { animate: false })
  }

  /** Who drags the map wants to look elsewhere. */
  const released = (): void => {
    if (gnssView().isFollowed) setGnssView({ isFollowed: false })
  }
  map.on('dragstart', released)
  const stop = subscribeGnssView(show)
  show()
  return {
    remove() {
      stop()
      map.off('dragstart', released)
      group.remove()
    },
  }
}
