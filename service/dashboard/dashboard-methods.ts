/** `dashboard.*` of the contract. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import type { Dashboard, TargetIndicator } from '../../shared/contract/dashboard.ts'
import { shapesToSvg } from '../../shared/report/wall/shapes.ts'
import { wallChart } from '../../shared/report/wall/wall-chart.ts'
import { WALL_WORDS } from '../../shared/report/wall/words.ts'
import { streamJob } from '../boundary/job-stream.ts'
import type { Db } from '../db/open.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { sheetFonts } from '../reports/map-sheet/write.ts'
import { defaultFolder, logExport, safeFileName, writeWhole } from '../reports/output.ts'
import { refuseOpenConflicts } from '../sync/report-guard.ts'
import { unitNames } from '../zones/zones-repo.ts'
import { buildDashboard } from './dashboard.ts'
import { boxOfParcels, englishUnitNames } from './dashboard-repo.ts'
import { figureItems } from './figure-items.ts'
import { importTargets, saveTargets, targetCells, writeTargetTable } from './targets.ts'

export function dashboardMethods(deps: ServiceDeps) {
  return {
    figures: os.dashboard.figures.handler(({ input }) => buildDashboard(deps.store(), input)),
    items: os.dashboard.items.handler(({ input }) => {
      const db = deps.store().read
      const { items, sum, pks } = figureItems(db, input)
      return { items, sum, parcels: pks.length, box: boxOfParcels(db, pks) }
    }),
    targets: os.dashboard.targets.handler(({ input }) => targetCells(deps.store().read, input.year)),
    saveTargets: os.dashboard.saveTargets.handler(({ input }) => saveTargets(deps.store(), input.year, input.cells)),
    importTargets: os.dashboard.importTargets.handler(({ input }) =>
      importTargets(deps.store(), deps.resolveInput(input.file), input.year),
    ),
    targetTable: os.dashboard.targetTable.handler(async ({ input }) => {
      const store = deps.store()
      const name = input.year === null ? '行动期目标.xlsx' : `${input.year}年目标.xlsx`
      const target = deps.resolveOutput(input.file, join(defaultFolder(store.now(), 'targets'), name))
      const file = await writeWhole(target, temporary => writeTargetTable(store, input.year, temporary))
      await logExport(store, 'dashboard.targets', file, unitNames(store.read).size)
      return { file }
    }),
    picture: os.dashboard.picture.handler(({ input, signal }) =>
      streamJob(signal, async control => {
        const started = performance.now()
        const store = deps.store()
        refuseOpenConflicts(store.read)
        control.report({ phase: 'report', done: 0, total: 1 })
        await control.checkpoint()
        const data = buildDashboard(store, input)
        const name = safeFileName(`挂图作战_${data.year ?? '全行动期'}_${data.as_of}.png`)
        const target =
          input.file === undefined
            ? join(deps.resolveOutput(input.out, defaultFolder(store.now(), 'dashboard')), name)
            : deps.resolveOutput(input.file, name)
        const png = wallPng(store.read, data, input, deps.resourcesFolder)
        const file = await writeWhole(target, temporary => writeFile(temporary, png))
        await logExport(store, 'dashboard.picture', file, data.rows.length)
        return { files: [file], seconds: (performance.now() - started) / 1000 }
      }),
    ),
  }
}

/** The wall chart as the window shows it, `width` pixels across. */
export function wallPng(
  db: Db,
  data: Dashboard,
  { indicator, language, width }: { indicator: TargetIndicator; language: 'zh' | 'en'; width: number },
  resourcesFolder: string,
): Buffer {
  const names = language === 'en' ? englishUnitNames(db) : unitNames(db)
  const shapes = wallChart(data, {
    words: WALL_WORDS[language],
    nameOf: unit => names.get(unit) ?? unit,
    indicator,
    unit: null,
  })
  const svg = shapesToSvg(shapes, sheetFonts(resourcesFolder))
  return new Resvg(svg, { fitTo: { mode: 'width', value: width }, font: { loadSystemFonts: false } }).render().asPng()
}
