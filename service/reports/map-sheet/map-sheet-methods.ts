/** Map sheets of the contract: files, and a small picture beforehand. */
import { join } from 'node:path'
import type { Basemaps } from '../../basemaps/basemaps.ts'
import { createJobControl, streamJob } from '../../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../../deps.ts'
import { defaultFolder, logExport, safeFileName, writeWhole } from '../output.ts'
import type { SheetTiles } from './basemap.ts'
import { buildMapSheet } from './build.ts'
import { sheetFonts, sheetPng, writeSheetPdf, writeSheetPng } from './write.ts'

/** 80 dots per inch: enough to see what will be on the paper. */
const PREVIEW_DOTS_PER_MM = 80 / 25.4

export function mapSheetMethods(deps: ServiceDeps, basemaps: Basemaps) {
  const tiles: SheetTiles = {
    sources: async () => (await basemaps.list()).filter(source => source.visible && source.state === 'ok'),
    tile: (id, z, x, y) => basemaps.tile(id, z, x, y),
  }
  return {
    map: os.reports.map.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        const formats = [...new Set(input.formats)]
        const fonts = sheetFonts(deps.resourcesFolder)
        control.report({ phase: 'report', done: 0, total: formats.length + 1 })
        const sheet = await buildMapSheet(store, input, fonts, tiles, control)
        const folder = deps.resolveOutput(input.out, defaultFolder(store.now(), 'map'))
        const files: string[] = []
        for (const format of formats) {
          control.report({ phase: 'report', done: files.length + 1, total: formats.length + 1 })
          await control.checkpoint()
          const file = await writeWhole(join(folder, `${safeFileName(sheet.title)}.${format}`), temporary =>
            format === 'pdf'
              ? writeSheetPdf(sheet, temporary, deps.resourcesFolder)
              : writeSheetPng(sheet, temporary, fonts),
          )
          await logExport(store, `report.map.${format}`, file, sheet.parcels)
          files.push(file)
        }
        const { scale, parcels, labels } = sheet
        return { files, scale, parcels, labels, seconds: (performance.now() - started) / 1000 }
      }),
    ),
    mapPreview: os.reports.mapPreview.handler(async ({ input, signal }) => {
      const fonts = sheetFonts(deps.resourcesFolder)
      const sheet = await buildMapSheet(deps.store(), input, fonts, tiles, createJobControl(signal))
      const { scale, parcels, labels } = sheet
      return { scale, parcels, labels, png: sheetPng(sheet, fonts, PREVIEW_DOTS_PER_MM).toString('base64') }
    }),
  }
}
