/**
 * Writes GeoPackage files (OGC 12-128r19, version 1.3): reference systems, contents, feature tables with their boxes, titles
 * of columns by the schema extension. Polygons only; the file must not exist. Knows nothing of what the layers mean.
 */
import type { Crs } from '../../shared/geometry/crs.ts'
import { openScratch } from './open.ts'

export interface GeoPackageColumn {
  readonly name: string
  /** What people call it. */
  readonly title: string
  readonly kind: 'text' | 'integer' | 'real'
}

export interface GeoPackageFeature {
  /** In the order of the columns. */
  readonly values: readonly (string | number | null)[]
  /** A GeoPackage blob in the layer's reference system; null for a feature without a place. */
  readonly geometry: Uint8Array | null
  readonly box: readonly [west: number, south: number, east: number, north: number] | null
}

export interface GeoPackageLayer {
  readonly name: string
  readonly description: string
  readonly columns: readonly GeoPackageColumn[]
  readonly features: readonly GeoPackageFeature[]
}

/** Rows without a place. */
export interface GeoPackageTable {
  readonly name: string
  readonly description: string
  readonly columns: readonly GeoPackageColumn[]
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** "GPKG" and version 1.3.0, where SQLite keeps them for the file's owner. */
const APPLICATION_ID = 0x47504b47
const USER_VERSION = 10_300
const TYPES = { text: 'TEXT', integer: 'INTEGER', real: 'DOUBLE' } as const

const CGCS2000 =
  'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]'
const WGS84 =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'

/** Whether a reference system can be said in a GeoPackage: those of the EPSG registry that this program can compute. */
export function hasDefinition(crs: Crs): boolean {
  return crs.kind === 'gauss_kruger' || crs.id === 'EPSG:4490' || crs.id === 'EPSG:4326'
}

/** The number that blobs and tables name the system by. */
export function srsIdOf(crs: Crs): number {
  return Number(crs.id.slice('EPSG:'.length))
}

function definitionOf(crs: Crs): string {
  if (!crs.projection) return crs.id === 'EPSG:4326' ? WGS84 : CGCS2000
  const { centralMeridianDegrees, falseEastingM } = crs.projection
  return `PROJCS["CGCS2000 / Gauss-Kruger CM ${centralMeridianDegrees}E",${CGCS2000},PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",${centralMeridianDegrees}],PARAMETER["scale_factor",1],PARAMETER["false_easting",${falseEastingM}],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","${srsIdOf(crs)}"]]`
}

const TABLES = `
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec/#extension_schema', 'read-write');
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', NULL), ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);`

/** `changed` is the time of the data, ISO. Throws for a system without a definition (`hasDefinition`). */
export function writeGeoPackage(
  file: string,
  layers: readonly GeoPackageLayer[],
  crs: Crs,
  changed: string,
  tables: readonly GeoPackageTable[] = [],
): void {
  if (!hasDefinition(crs)) throw new Error(`no definition of ${crs.id}`)
  const db = openScratch(file)
  try {
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${USER_VERSION}`)
    db.exec('BEGIN')
    db.exec(TABLES)
    const system = db.prepare('INSERT OR REPLACE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)')
    // WGS 84 has to be in every GeoPackage.
    system.run('WGS 84 geodetic', 4326, 'EPSG', 4326, WGS84)
    const srs = srsIdOf(crs)
    if (srs !== 4326) system.run(crs.zh, srs, 'EPSG', srs, definitionOf(crs))
    for (const layer of layers) {
      const table = quoted(layer.name)
      const columns = layer.columns.map(column => `${quoted(column.name)} ${TYPES[column.kind]}`)
      db.exec(
        `CREATE TABLE ${table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom MULTIPOLYGON, ${columns.join(', ')})`,
      )
      const boxes = layer.features.flatMap(({ box }) => (box ? [box] : []))
      const side = (at: number, pick: (...values: number[]) => number): number | null =>
        boxes.length === 0 ? null : pick(...boxes.map(box => box[at]!))
      db.prepare('INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
        layer.name,
        'features',
        layer.name,
        layer.description,
        changed,
        side(0, Math.min),
        side(1, Math.min),
        side(2, Math.max),
        side(3, Math.max),
        srs,
      )
      db.prepare("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'MULTIPOLYGON', ?, 0, 0)").run(layer.name, srs)
      const title = db.prepare('INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, NULL)')
      for (const column of layer.columns) title.run(layer.name, column.name, column.title, column.title)
      const insert = db.prepare(
        `INSERT INTO ${table} (geom, ${layer.columns.map(column => quoted(column.name)).join(', ')}) VALUES (${['?', ...columns.map(() => '?')].join(', ')})`,
      )
      for (const { geometry, values } of layer.features) insert.run(geometry, ...values)
    }
    for (const table of tables) {
      const columns = table.columns.map(column => `${quoted(column.name)} ${TYPES[column.kind]}`)
      db.exec(
        `CREATE TABLE ${quoted(table.name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, ${columns.join(', ')})`,
      )
      db.prepare('INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL)').run(
        table.name,
        'attributes',
        table.name,
        table.description,
        changed,
      )
      const title = db.prepare('INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, NULL)')
      for (const column of table.columns) title.run(table.name, column.name, column.title, column.title)
      const insert = db.prepare(`INSERT INTO ${quoted(table.name)} VALUES (NULL, ${columns.map(() => '?').join(', ')})`)
      for (const row of table.rows) insert.run(...row)
    }
    db.exec('COMMIT')
  } finally {
    db.close()
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
