/** Messages between the map (window) and the painting worker. Types only. */
import type { TileValues } from '../../../shared/contract/tiles.ts'
import type { MapBox } from '../map-port.ts'
import type { PaintStyle } from './paint-style.ts'

/** A tile by its address; `key` names it on both sides. */
export interface TileAddress {
  readonly layer: string
  readonly z: number
  readonly x: number
  readonly y: number
}

export const tileKey = ({ layer, z, x, y }: TileAddress) => `${layer}/${z}/${x}/${y}`

export interface LabelView {
  readonly layer: string
  readonly z: number
  /** Top left corner in world pixels of 512 px tiles at z. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export type PainterRequest =
  | { readonly kind: 'port-source'; readonly port: MessagePort }
  | { readonly kind: 'http-source'; readonly baseUrl: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'style'; readonly layer: string; readonly style: PaintStyle }
  /** Parcels that the map draws itself at the moment, by local key. */
  | { readonly kind: 'skip'; readonly pks: readonly number[] }
  | { readonly kind: 'want'; readonly tile: TileAddress; readonly devicePixels: number }
  | { readonly kind: 'unwant'; readonly tile: TileAddress }
  /** Fractional tile coordinates of the middle of the view: tiles near it are painted first. */
  | { readonly kind: 'centre'; readonly z: number; readonly x: number; readonly y: number }
  /** The map shows this survey, whose data have this revision: older tiles and those of another survey are old. */
  | { readonly kind: 'opened'; readonly survey: string; readonly revision: number }
  /**
   * Data changed in a box, null for anywhere. `values`: all that changed, in place of reading tiles again. Revision 0: the
   * data may even be older than before (a restored backup).
   */
  | {
      readonly kind: 'changed'
      readonly revision: number
      readonly box: MapBox | null
      readonly values: readonly TileValues[] | null
    }
  | { readonly kind: 'retry' }
  /** Place in units of the tile. */
  | { readonly kind: 'hit'; readonly id: number; readonly tile: TileAddress; readonly x: number; readonly y: number }
  | { readonly kind: 'labels'; readonly id: number; readonly view: LabelView; readonly devicePixels: number }

/** A rectangle of a painted tile, device pixels from its top left corner. */
export interface TilePart {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export type PainterAnswer =
  /** `part`: where in the picture shown so far the bitmap goes, in device pixels; null: it is the whole tile. */
  | {
      readonly kind: 'painted'
      readonly key: string
      readonly bitmap: ImageBitmap
      readonly part: TilePart | null
      readonly revision: number
    }
  | { readonly kind: 'failed'; readonly key: string; readonly code: string; readonly message: string }
  /** `rings`: the first parcel as it is drawn in the tile (small ones: their box), in tile units, x and y in turn. */
  | {
      readonly kind: 'hit'
      readonly id: number
      readonly pks: readonly number[]
      readonly rings: readonly (readonly number[])[]
    }
  | { readonly kind: 'labels'; readonly id: number; readonly bitmap: ImageBitmap | null }
