/** The exports part of the contract: streams progress, keeps the rules of places, notes every file. */
import { extname } from 'node:path'
import { streamJob } from '../boundary/job-stream.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { logExport, writeWhole } from '../reports/output.ts'
import { exportWriter } from './exports.ts'
import { exportCrs } from './geojson-text.ts'

export function exportsMethods(deps: ServiceDeps) {
  return {
    run: os.exports.run.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        const crs = exportCrs(input.crs)
        const write = exportWriter(input.what, extname(input.file).toLowerCase())
        let written = 0
        const file = await writeWhole(deps.resolveOutput(input.file, `${input.what}.geojson`), async temporary => {
          written = await write({ store, crs, unit: input.unit, control }, temporary)
        })
        await logExport(store, `export.${input.what}`, file, written)
        return { file, written, seconds: (performance.now() - started) / 1000 }
      }),
    ),
  }
}
