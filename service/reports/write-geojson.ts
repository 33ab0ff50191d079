/** The zones of a report as GeoJSON (EPSG:4490): a zone with its totals, then its members. */
import { writeFile } from 'node:fs/promises'
import { squareMetersToMu } from '../../shared/geometry/area.ts'
import type { Report } from '../../shared/report/model.ts'
import { collectionHead, exportCrs, geometryText } from '../exports/geojson-text.ts'

export async function writeGeojson(report: Report, file: string): Promise<void> {
  const crs = exportCrs('EPSG:4490')
  const features = report.zones.flatMap(
    ({ outline, members, areaM2, areaInM2, areaOutM2, id, code, name, year, unit }) => [
      feature(
        {
          kind: 'zone',
          id,
          code,
          name,
          year,
          unit,
          area_m2: areaM2,
          area_mu: squareMetersToMu(areaM2),
          area_in_m2: areaInM2,
          area_out_m2: areaOutM2,
          parcels: members.length,
        },
        geometryText(outline, crs),
      ),
      ...members.map(member =>
        feature(
          {
            kind: 'member',
            zone: code,
            number: member.number,
            code: member.code,
            area_m2: member.areaM2,
            area_mu: squareMetersToMu(member.areaM2),
          },
          geometryText(member.outline, crs),
        ),
      ),
    ],
  )
  await writeFile(file, `${collectionHead(crs)}\n${features.join(',\n')}\n]}\n`)
}

function feature(properties: object, geometry: string): string {
  return `{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":${geometry}}`
}
