/** The list of importable formats. A new one is a file beside this and a line here. */
import { basename } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { sampleFile } from './byte-source.ts'
import { csvFormat } from './csv.ts'
import { isUtf16, refuseUtf16 } from './encoding.ts'
import type { ImportFormat, OpenOptions, Source } from './format.ts'
import { geojsonFormat } from './geojson.ts'
import { xlsxFormat } from './xlsx.ts'

const IMPORT_FORMATS: readonly ImportFormat[] = [geojsonFormat, xlsxFormat, csvFormat]

/** The format that recognises the file best, by content. Throws `file_unreadable` when none does. */
async function detectFormat(file: string): Promise<ImportFormat> {
  const { head } = await sampleFile(file)
  const name = basename(file)
  let best: ImportFormat | undefined
  let bestScore = 0
  for (const format of IMPORT_FORMATS) {
    const score = format.detect(head, name)
    if (score > bestScore) {
      best = format
      bestScore = score
    }
  }
  if (best && bestScore >= 0.2) return best
  if (isUtf16(head)) throw refuseUtf16()
  throw new AppError(
    'file_unreadable',
    `无法识别文件“${name}”的格式，可导入：${IMPORT_FORMATS.map(format => format.label).join('、')}`,
    {
      reason: 'unknown_format',
      file: name,
    },
  )
}

export async function openSource(
  file: string,
  options: OpenOptions,
): Promise<{ format: ImportFormat; source: Source }> {
  const format = await detectFormat(file)
  return { format, source: await format.open(file, options) }
}
