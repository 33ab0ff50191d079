/** Where the browser host has its tiles. One object, whoever asks: another one would make the painter begin anew. */
import type { TileSource } from '../map/map-port.ts'

let source: TileSource | undefined

export function browserTiles(): TileSource {
  source ??= { kind: 'http', baseUrl: new URL('./', location.href).href.replace(/\/$/, '') }
  return source
}
