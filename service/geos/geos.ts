/**
 * The few overlay operations that GEOS does for us: making rings valid, unions of unclean outlines, buffers. GEOS runs as
 * WebAssembly, is loaded on first use (0.1 s) and knows nothing of our types; geometries cross as WKB and every pointer
 * is freed here.
 */
import { decodeWkb, encodeGeometry, HEADER_BYTES } from '../../shared/geometry/geopackage-blob.ts'
import type { FlatPolygons } from '../../shared/geometry/types.ts'

/** The part of geos-wasm that is used; its own declarations are 5,000 lines of opaque pointers. */
interface GeosModule {
  Module: {
    _malloc(bytes: number): number
    _free(pointer: number): void
    HEAPU8: Uint8Array
    getValue(pointer: number, type: string): number
  }
  GEOSWKBReader_create(): number
  GEOSWKBReader_read(reader: number, bytes: number, size: number): number
  GEOSWKBReader_destroy(reader: number): void
  GEOSWKBWriter_create(): number
  GEOSWKBWriter_write(writer: number, geometry: number, size: number): number
  GEOSWKBWriter_destroy(writer: number): void
  GEOSFree(pointer: number): void
  GEOSGeom_destroy(geometry: number): void
  GEOSMakeValidParams_create(): number
  GEOSMakeValidParams_setMethod(params: number, method: number): void
  GEOSMakeValidParams_setKeepCollapsed(params: number, keep: number): void
  GEOSMakeValidParams_destroy(params: number): void
  GEOSMakeValidWithParams(geometry: number, params: number): number
  GEOSUnaryUnion(geometry: number): number
  GEOSBuffer(geometry: number, distance: number, quadrantSegments: number): number
  GEOSConcaveHull(geometry: number, ratio: number, allowHoles: number): number
  GEOSIntersection(a: number, b: number): number
  GEOSDifference(a: number, b: number): number
  GEOSArea(geometry: number, area: number): number
  GEOSisValid(geometry: number): number
  GEOSGeomTypeId(geometry: number): number
  GEOSGetNumGeometries(geometry: number): number
  GEOSGetGeometryN(geometry: number, index: number): number
  GEOSisEmpty(geometry: number): number
}

/** GEOS_MAKE_VALID_STRUCTURE: holes stay holes; the linework method counts crossing holes as area. */
const STRUCTURE_METHOD = 1
const GEOMETRY_COLLECTION = 7

export interface Geos {
  /**
   * Valid polygons with the meaning of the broken ones (structure method, collapsed parts dropped). Throws `bad_geometry` for
   * the few rings, folded onto themselves several times, that GEOS gives up on.
   */
  makeValid(polygons: FlatPolygons): FlatPolygons
  union(polygons: readonly FlatPolygons[]): FlatPolygons
  intersection(a: FlatPolygons, b: FlatPolygons): FlatPolygons
  difference(a: FlatPolygons, b: FlatPolygons): FlatPolygons
  /** Polygons grown (or, negative, shrunk) by `distance` in the units of the plane, corners rounded with 8 segments. */
  buffer(polygons: FlatPolygons, distance: number): FlatPolygons
  /** Concave hull of all vertices; `ratio` 0 follows every bay, 1 is the convex hull. No holes. */
  concaveHull(polygons: FlatPolygons, ratio: number): FlatPolygons
  area(polygons: FlatPolygons): number
  isValid(polygons: FlatPolygons): boolean
}

let loading: Promise<Geos> | undefined

/** GEOS, loaded once per process. */
export function loadGeos(): Promise<Geos> {
  loading ??= import('geos-wasm').then(async module =>
    createGeos(
      (await module.default({
        errorHandler: () => undefined,
        noticeHandler: () => undefined,
      })) as unknown as GeosModule,
    ),
  )
  return loading
}

function createGeos(geos: GeosModule): Geos {
  const { Module } = geos

  /** Runs `work` on GEOS copies of the inputs and frees everything, also when it throws. */
  function using<T>(inputs: readonly FlatPolygons[], work: (...pointers: number[]) => T): T {
    const pointers: number[] = []
    try {
      for (const input of inputs) pointers.push(read(input))
      return work(...pointers)
    } finally {
      for (const pointer of pointers) geos.GEOSGeom_destroy(pointer)
    }
  }

  function read(polygons: FlatPolygons): number {
    const bytes = encodeGeometry(polygons).subarray(HEADER_BYTES)
    const buffer = Module._malloc(bytes.length)
    const reader = geos.GEOSWKBReader_create()
    try {
      Module.HEAPU8.set(bytes, buffer)
      return checked(geos.GEOSWKBReader_read(reader, buffer, bytes.length), 'read')
    } finally {
      geos.GEOSWKBReader_destroy(reader)
      Module._free(buffer)
    }
  }

  /** Polygons of a result, which is destroyed. Lines and points that an operation left over have no area and are dropped. */
  function take(geometry: number): FlatPolygons {
    try {
      return joinFlat(polygonalParts(geometry))
    } finally {
      geos.GEOSGeom_destroy(geometry)
    }
  }

  function polygonalParts(geometry: number): FlatPolygons[] {
    if (geos.GEOSisEmpty(geometry) === 1) return []
    const type = geos.GEOSGeomTypeId(geometry)
    if (type === 3 || type === 6) return [write(geometry)]
    if (type !== GEOMETRY_COLLECTION) return []
    const parts: FlatPolygons[] = []
    for (let index = 0; index < geos.GEOSGetNumGeometries(geometry); index++)
      parts.push(...polygonalParts(geos.GEOSGetGeometryN(geometry, index)))
    return parts
  }

  function write(geometry: number): FlatPolygons {
    const writer = geos.GEOSWKBWriter_create()
    const sizePointer = Module._malloc(4)
    try {
      const buffer = checked(geos.GEOSWKBWriter_write(writer, geometry, sizePointer), 'write')
      const size = Module.getValue(sizePointer, 'i32')
      const bytes = Module.HEAPU8.slice(buffer, buffer + size)
      geos.GEOSFree(buffer)
      return decodeWkb(bytes)
    } finally {
      Module._free(sizePointer)
      geos.GEOSWKBWriter_destroy(writer)
    }
  }

  return {
    makeValid: polygons =>
      using([polygons], geometry => {
        const params = geos.GEOSMakeValidParams_create()
        try {
          geos.GEOSMakeValidParams_setMethod(params, STRUCTURE_METHOD)
          geos.GEOSMakeValidParams_setKeepCollapsed(params, 0)
          return take(checked(geos.GEOSMakeValidWithParams(geometry, params), 'make valid'))
        } finally {
          geos.GEOSMakeValidParams_destroy(params)
        }
      }),
    union: polygons => using([joinFlat(polygons)], geometry => take(checked(geos.GEOSUnaryUnion(geometry), 'union'))),
    intersection: (a, b) =>
      using([a, b], (one, other) => take(checked(geos.GEOSIntersection(one, other), 'intersection'))),
    difference: (a, b) => using([a, b], (one, other) => take(checked(geos.GEOSDifference(one, other), 'difference'))),
    buffer: (polygons, distance) =>
      using([polygons], geometry => take(checked(geos.GEOSBuffer(geometry, distance, 8), 'buffer'))),
    concaveHull: (polygons, ratio) =>
      using([polygons], geometry => take(checked(geos.GEOSConcaveHull(geometry, ratio, 0), 'concave hull'))),
    isValid: polygons => using([polygons], geometry => geos.GEOSisValid(geometry) === 1),
    area: polygons =>
      using([polygons], geometry => {
        const pointer = Module._malloc(8)
        try {
          geos.GEOSArea(geometry, pointer)
          return Module.getValue(pointer, 'double')
        } finally {
          Module._free(pointer)
        }
      }),
  }
}

function checked(pointer: number, operation: string): number {
  if (!pointer) throw Object.assign(new Error(`geometry engine failed: ${operation}`), { code: 'bad_geometry' })
  return pointer
}

/** All polygons of several geometries as one multipolygon (which may be invalid until it is united). */
export function joinFlat(parts: readonly FlatPolygons[]): FlatPolygons {
  if (parts.length === 1) return parts[0]!
  const coordinates = new Float64Array(parts.reduce((sum, part) => sum + part.coordinates.length, 0))
  const ringEnds = new Uint32Array(parts.reduce((sum, part) => sum + part.ringEnds.length, 0))
  const polygonEnds = new Uint32Array(parts.reduce((sum, part) => sum + part.polygonEnds.length, 0))
  let coordinate = 0
  let ring = 0
  let polygon = 0
  for (const part of parts) {
    const firstVertex = coordinate / 2
    const firstRing = ring
    coordinates.set(part.coordinates, coordinate)
    for (const end of part.ringEnds) ringEnds[ring++] = end + firstVertex
    for (const end of part.polygonEnds) polygonEnds[polygon++] = end + firstRing
    coordinate += part.coordinates.length
  }
  return { coordinates, ringEnds, polygonEnds }
}
