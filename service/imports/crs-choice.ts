/** Decides in which CRS a file is read, from what it declares, where its coordinates lie and what the user said; refuses in words. */
import { AppError } from '../../shared/contract/errors.ts'
import { type Crs, type CrsFinding, crsFindings, guessCrs, resolveCrs } from '../../shared/geometry/crs.ts'
import type { Box, FlatPolygons } from '../../shared/geometry/types.ts'
import { boxOf } from '../../shared/geometry/types.ts'

const FINDING_WORDS: Readonly<Record<CrsFinding, string>> = {
  looks_geographic: '坐标像是经纬度(度)，与所选的投影坐标系不符，请改选 EPSG:4490 等经纬度坐标系',
  looks_projected: '坐标像是平面坐标(米)，与所选的经纬度坐标系不符，请选择投影坐标系(如 EPSG:4549、EPSG:4528)',
  swapped_axes: '横纵坐标(X/Y)可能颠倒：交换后才落在合理范围内。请先交换坐标列或改选坐标系',
  zone_prefix_present: '横坐标带有带号(8 位)，与所选坐标系不符，请改选带带号的坐标系(如 EPSG:4528)',
  zone_prefix_missing: '横坐标没有带号(6 位)，与所选坐标系不符，请改选不带带号的坐标系(如 EPSG:4549)',
  outside_guard: '数据不在本次调查的范围内，坐标系、分带或位置可能不对；确属本次调查时请允许范围外数据',
  out_of_range: '坐标超出经纬度范围',
}

/** Typical extent of sampled outlines: stray ones (up to one in ten at each end) are left out. Null without any. */
export function typicalExtent(geometries: readonly FlatPolygons[]): Box | null {
  const boxes = geometries.map(boxOf).filter(box => box.every(Number.isFinite))
  if (boxes.length === 0) return null
  const cut = Math.floor(boxes.length / 10)
  const at = (side: 0 | 1 | 2 | 3, fromEnd: boolean) => {
    const sorted = boxes.map(box => box[side]).sort((a, b) => a - b)
    return sorted[fromEnd ? sorted.length - 1 - cut : cut]!
  }
  return [at(0, false), at(1, false), at(2, true), at(3, true)]
}

interface CrsChoice {
  crs: Crs | null
  findings: { code: string; message: string }[]
}

/** The CRS to propose: the chosen or declared one, otherwise what the coordinates fit; with everything suspicious about it. */
export function chooseCrs(named: string | null, extent: Box | null, guard: Box | null): CrsChoice {
  if (named !== null) {
    const crs = resolveCrs(named)
    if (!crs)
      return {
        crs: null,
        findings: [{ code: 'crs_unknown', message: `不认识坐标系“${named.slice(0, 80)}”，请选择坐标系` }],
      }
    if (crs.kind === 'needs_parameters') {
      return {
        crs: null,
        findings: [
          { code: 'crs_needs_parameters', message: `${crs.zh} 需要转换参数，不能当作 CGCS2000 导入，请先转换坐标` },
        ],
      }
    }
    const findings = extent ? crsFindings(crs, extent, guard) : []
    return { crs, findings: findings.map(code => ({ code, message: FINDING_WORDS[code] })) }
  }
  if (!extent) return { crs: resolveCrs('EPSG:4490') ?? null, findings: [] }
  const guessed = guessCrs(extent, guard)
  if (!guessed) {
    // Degrees beyond ±90 in y: tell a swap apart from unknown plane coordinates.
    const swapped = crsFindings(resolveCrs('EPSG:4490')!, extent, guard).includes('swapped_axes')
    const code = swapped ? 'swapped_axes' : 'crs_unknown'
    return {
      crs: null,
      findings: [
        { code, message: swapped ? FINDING_WORDS.swapped_axes : '文件没有注明坐标系，坐标也无法判断，请选择坐标系' },
      ],
    }
  }
  return {
    crs: guessed,
    findings: crsFindings(guessed, extent, guard).map(code => ({ code, message: FINDING_WORDS[code] })),
  }
}

/** The CRS for a run, or a refusal with the question that has to be answered. */
export function requireCrs(choice: CrsChoice, fileName: string, allowOutside: boolean): Crs {
  const blocking = choice.findings.filter(finding => !(allowOutside && finding.code === 'outside_guard'))
  const first = blocking[0]
  if (choice.crs && !first) return choice.crs
  throw new AppError('import_rejected', `文件“${fileName}”：${first?.message ?? '请选择坐标系'}。未导入`, {
    reason: first?.code ?? 'crs_unknown',
    file: fileName,
  })
}

/** Does a person have to say whether the coordinates are shifted? Degrees in China that the file does not name a CRS for. */
export function mustAskDatum(declared: string | null, crs: Crs | null, extent: Box | null): boolean {
  if (declared !== null || !extent || crs?.kind !== 'geographic') return false
  return extent[0] > 72 && extent[2] < 138 && extent[1] > 0.8 && extent[3] < 56
}
