/**
 * The narrow interface between the map workbench and the application: plain data and callbacks in both directions.
 * No Leaflet object crosses it. The map writes nothing by itself: drawn and edited outlines leave through callbacks.
 */
import type { ContractRouterClient, InferContractRouterInputs } from '@orpc/contract'
import type { Polygonal } from '../../shared/contract/base.ts'
import type { Contract } from '../../shared/contract/contract.ts'
import type { ParcelFilter } from '../../shared/contract/parcels.ts'
import type { TileValues } from '../../shared/contract/tiles.ts'

type Client = ContractRouterClient<Contract>

/** The part of the contract that the map calls. A whole contract client fits. */
export interface MapService {
  readonly parcels: Pick<
    Client['parcels'],
    'detail' | 'list' | 'neighbours' | 'previewGeometry' | 'splitAtBoundary' | 'merge' | 'cutOut'
  >
  readonly boundaries: Pick<Client['boundaries'], 'outlines'>
  readonly themes: Client['themes']
}

/**
 * Where the painting worker gets its tiles. The port is handed over to the worker (transferred): a new port object after
 * a restart of the service is a new source.
 * Port protocol: the worker posts `{ id, request: TileRequest }` and `{ id, cancel: true }`; the service answers
 * `{ id, bytes: Uint8Array }` or `{ id, error: { code, message } }`.
 * HTTP: GET `<baseUrl>` + `tilePath(request)` of `shared/tiles/tile-address.ts`, answered with the bytes.
 */
export type TileSource =
  | { readonly kind: 'port'; readonly port: MessagePort }
  | { readonly kind: 'http'; readonly baseUrl: string; readonly headers?: Readonly<Record<string, string>> }

/** [west, south, east, north], degrees. */
export type MapBox = readonly [number, number, number, number]

export interface LngLat {
  readonly lng: number
  readonly lat: number
}

/** The part of the `changed` event that concerns the map; a null box means "anywhere". */
export interface MapChange {
  readonly revision: number
  readonly box: MapBox | null
  readonly entities: Readonly<Record<string, readonly string[]>>
  readonly bulk: boolean
  /** See `tile_values` of the event. */
  readonly tile_values: readonly TileValues[] | null
}

export interface ChangeSource {
  /** Returns the function that ends the subscription. */
  subscribe(listener: (change: MapChange) => void): () => void
}

export const MAP_TOOLS = [
  'select',
  'draw',
  'trace',
  'rectangle',
  'typed',
  'edit',
  'hole',
  'part',
  'split',
  'boundarySplit',
  'merge',
  'cut',
  'delete',
  'measure',
] as const
export type MapToolName = (typeof MAP_TOOLS)[number]

type Inputs = InferContractRouterInputs<Contract>['parcels']

/** An edit of outlines that the map asks the application to write: one step of undo. */
export type MapEdit =
  | { readonly kind: 'create'; readonly geometry: Polygonal; readonly reason?: string }
  | ({ readonly kind: 'reshape' } & Inputs['reshape'])
  | ({ readonly kind: 'split' } & Inputs['split'])
  | ({ readonly kind: 'splitAtBoundary' } & Inputs['splitAtBoundary'])
  | ({ readonly kind: 'merge' } & Inputs['merge'])
  | ({ readonly kind: 'cutOut' } & Inputs['cutOut'])

export const MAP_THEMES = ['side', 'state', 'class', 'tax', 'unit', 'year', 'freed'] as const
export type MapThemeName = (typeof MAP_THEMES)[number]

/** Which parcels are drawn: codes of the theme's field; the empty code stands for "no value". Null shows everything. */
export type MapFilter = {
  readonly sides?: readonly string[]
  readonly states?: readonly string[]
  readonly units?: readonly string[]
  readonly classes?: readonly string[]
  readonly taxes?: readonly string[]
  readonly years?: readonly string[]
  readonly freed?: readonly string[]
  /** Local keys of the parcels that a filter beyond these lets through; null or left out shows all. */
  readonly keys?: Uint32Array | null
} | null

/** A wish to move; the map acts once on each new object. */
export type FlyTo =
  | { readonly box: MapBox }
  | { readonly place: LngLat; readonly zoom?: number /** A cross shows the place. */; readonly isMarked?: boolean }
  | { readonly parcelId: string }
  | null

/** A parcel that two boundary versions judge differently: codes of its side under each. */
export interface FlippedParcel {
  readonly geometry: Polygonal
  readonly left: string
  readonly right: string
}

/** Two boundary versions to be seen side by side. */
export interface MapCompare {
  readonly left: { readonly boundaryId: string; readonly name: string }
  readonly right: { readonly boundaryId: string; readonly name: string }
  readonly flipped: readonly FlippedParcel[]
}

export interface MapView {
  readonly centre: LngLat
  readonly zoom: number
  readonly box: MapBox
  /** Denominator of the scale at the centre for 96 dpi, e.g. 5000 for 1:5000. */
  readonly scale: number
}

/** Translates a key of `renderer/map/map-texts.ts`, which the application merges into its catalogue. */
export type MapTranslate = (key: string, values?: Readonly<Record<string, string | number>>) => string

export interface MapPort {
  readonly service: MapService
  readonly tileSource: TileSource
  /** Name of the open survey file: a change of it starts the map afresh. */
  readonly survey: string
  readonly revision: number
  readonly changes: ChangeSource
  /** Box of all parcels, for "zoom to all"; null when there are none. */
  readonly extent: MapBox | null
  /** Active boundary version, or null. */
  readonly boundaryId: string | null
  readonly units: readonly { readonly code: string; readonly name: string; readonly name_en?: string | null }[]
  /** Two versions beside each other in place of the active one. */
  readonly compare?: MapCompare | null
  /** `preview:<key>` shows the features of a dry run over the parcels. */
  readonly previewKey?: string | null

  readonly selectedId: string | null
  onSelect(id: string | null): void

  readonly tool: MapToolName
  onToolChange(tool: MapToolName): void
  /** False for roles that may only look. */
  readonly canEdit: boolean
  /** Why a tool cannot be taken now, in words; tools that can are left out. */
  readonly blockedTools: Readonly<Partial<Record<MapToolName, string>>>

  readonly theme: MapThemeName
  onThemeChange(theme: MapThemeName): void
  readonly filter: MapFilter
  /** Everything that is filtered by, for the numbers of the legend. */
  readonly countFilter: ParcelFilter
  onFilterChange(filter: MapFilter): void

  readonly flyTo?: FlyTo
  /** Where the map stood when it was last closed. */
  readonly initialView?: { readonly centre: LngLat; readonly zoom: number } | null

  /** Writes an edit; the map keeps showing it until the promise settles, and longer when it rejects. */
  onEdit(edit: MapEdit): Promise<void>
  /** The person confirmed the removal. */
  onDelete(parcel: { readonly id: string; readonly code: string }): Promise<void>
  onPointer?(place: LngLat | null): void
  onViewChange?(view: MapView): void
  /** A failed request of the map itself; the application shows it. */
  onProblem?(error: unknown): void

  readonly language: 'zh' | 'en'
  readonly t: MapTranslate
  readonly reducedMotion?: boolean
  /** Dark surroundings: the basemap follows. */
  readonly dark?: boolean
}
