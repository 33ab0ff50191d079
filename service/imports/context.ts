/** What the parts of one import run share, and how a run keeps outlines for its preview. */
import type { ImportKind, ImportOptions } from '../../shared/contract/imports.ts'
import type { Crs } from '../../shared/geometry/crs.ts'
import { encodeGeometry } from '../../shared/geometry/geopackage-blob.ts'
import { type Box, boxOf, type FlatPolygons } from '../../shared/geometry/types.ts'
import type { NamedUnit } from '../../shared/import/values.ts'
import type { JobControl } from '../boundary/job-stream.ts'
import type { BulkTransaction } from '../db/bulk.ts'
import type { Db } from '../db/open.ts'
import { prepare } from '../db/sql.ts'
import type { RawFeature } from '../formats/format.ts'
import type { IssueLog } from './issue-log.ts'
import type { MappedValues } from './map-fields.ts'

export interface Counts {
  read: number
  inserted: number
  updated: number
  unchanged: number
  repaired: number
  rejected: number
}

export interface RunContext {
  readonly kind: ImportKind
  readonly fileName: string
  readonly options: ImportOptions
  readonly batch: string
  readonly tx: BulkTransaction
  readonly log: IssueLog
  readonly outlines: Outlines
  readonly counts: Counts
  readonly units: readonly NamedUnit[]
  readonly crs: Crs
  readonly guard: Box | null
  /** Unit of the person importing; for codes of parcels that name none. */
  readonly profileUnit: string | null
  readonly checksum: string
}

/** What takes the features of one kind of import into the survey. */
export interface Sink {
  take(feature: RawFeature, mapped: MappedValues): void
  /** Checks that need everything to be there. */
  finish(control: JobControl): Promise<void>
}

export type Action = 'insert' | 'update' | 'unchanged' | 'repair' | 'reject'

const KEPT_OUTLINES = 20_000

/** Outlines of a dry run, thinned evenly to at most twice 20,000; repairs and rejections are kept first. */
export class Outlines {
  private readonly db: Db | undefined
  private stride = 1
  private plain = 0
  private special = 0
  private seen = 0
  extent: Box | null = null

  constructor(db: Db | undefined) {
    this.db = db
  }

  add(index: number, action: Action, geometry: FlatPolygons): void {
    if (action !== 'reject') this.widen(boxOf(geometry))
    if (!this.db) return
    if (action === 'repair' || action === 'reject') {
      if (this.special++ < KEPT_OUTLINES) this.write(index, action, geometry)
      return
    }
    if (this.seen++ % this.stride !== 0) return
    this.write(index, action, geometry)
    if (++this.plain < KEPT_OUTLINES) return
    this.stride *= 2
    this.plain = Math.ceil(this.plain / 2)
    this.db
      .prepare(
        `DELETE FROM outline WHERE seq IN (SELECT seq FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM outline WHERE action NOT IN ('repair', 'reject')) WHERE place % 2 = 0)`,
      )
      .run()
  }

  private write(index: number, action: Action, geometry: FlatPolygons): void {
    if (geometry.coordinates.some(value => !Number.isFinite(value))) return
    prepare(this.db!, 'INSERT INTO outline (row_index, action, geometry) VALUES (?, ?, ?)').run(
      index,
      action,
      encodeGeometry(geometry),
    )
  }

  private widen(box: Box): void {
    const old = this.extent
    this.extent = old
      ? [Math.min(old[0], box[0]), Math.min(old[1], box[1]), Math.max(old[2], box[2]), Math.max(old[3], box[3])]
      : box
  }
}
