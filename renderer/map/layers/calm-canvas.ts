/**
 * Leaflet's canvas renderer, without its one bad habit: a redraw that was queued before the map went away runs after it
 * and fails on the missing context. Seen when the map page is left while the view still moves.
 */
import { type Canvas, canvas, type RendererOptions } from 'leaflet'

interface Internals {
  _ctx?: unknown
  _redraw(): void
}

export function calmCanvas(options: RendererOptions): Canvas {
  const renderer = canvas(options)
  const internals = renderer as unknown as Internals
  const redraw = internals._redraw
  internals._redraw = () => {
    if (internals._ctx) redraw.call(renderer)
  }
  return renderer
}
