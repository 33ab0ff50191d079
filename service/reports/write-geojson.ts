/**
 * The zones of a report as GeoJSON: a zone with its totals, then its members; beside the features a member `report` with the totals and
 * notes of the whole, which other programs pass over (RFC 7946, 6.1).
 */
import { writeFile } from 'node:fs/promises'
import type { Report } from '../../shared/report/model.ts'
import { collectionHead, exportCrs, geometryText } from '../exports/geojson-text.ts'
import { MEMBER_PROPERTIES, membersOf, type Property, reportFacts, ZONE_PROPERTIES } from './zone-properties.ts'

/** Throws `bad_input` for a reference system that cannot be written. */
export async function writeGeojson(report: Report, file: string, crsName = 'EPSG:4490'): Promise<void> {
  const crs = exportCrs(crsName)
  const features = report.zones.flatMap(zone => [
    feature('zone', ZONE_PROPERTIES, zone, geometryText(zone.outline, crs)),
    ...membersOf(zone).map(each => feature('member', MEMBER_PROPERTIES, each, geometryText(each.member.outline, crs))),
  ])
  await writeFile(
    file,
    `${collectionHead(crs)}\n${features.join(',\n')}\n],\n"report":${JSON.stringify(reportFacts(report))}}\n`,
  )
}

function feature<T>(kind: string, list: readonly Property<T>[], of: T, geometry: string): string {
  const properties = { kind, ...Object.fromEntries(list.map(property => [property.name, property.read(of)])) }
  return `{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":${geometry}}`
}
