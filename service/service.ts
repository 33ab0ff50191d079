/**
 * The data service: the contract implemented over one survey store. The same object stands behind the window (utility
 * process), the browser (loopback host) and the terminal (direct calls). Composition only.
 */
import { createHash, randomFillSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { basename, isAbsolute, join, resolve, sep } from 'node:path'
import type { Router } from '@orpc/server'
import type { Asset, AssetRequest } from '../shared/contract/assets.ts'
import type { Contract } from '../shared/contract/contract.ts'
import { AppError } from '../shared/contract/errors.ts'
import type { TileRequest } from '../shared/contract/tiles.ts'
import { uuidV7 } from '../shared/lib/uuid.ts'
import { attachmentsMethods, photoAsset } from './attachments/attachments-methods.ts'
import { createBasemaps } from './basemaps/basemaps.ts'
import { basemapsMethods } from './basemaps/basemaps-methods.ts'
import { onlineBasemapsMethods } from './basemaps/online/online-methods.ts'
import { createOnlineTiles } from './basemaps/online/online-tiles.ts'
import { booksMethods } from './books/books-methods.ts'
import { boundaryMethods } from './boundary/boundary-methods.ts'
import { dashboardMethods } from './dashboard/dashboard-methods.ts'
import { os, type ServiceDeps, surveyNotOpen } from './deps.ts'
import { enterprisesMethods } from './enterprises/enterprises-methods.ts'
import { exportsMethods } from './exports/exports-methods.ts'
import { freedMethods } from './freed/freed-methods.ts'
import { identifyMethods } from './identify/identify-methods.ts'
import { importsMethods } from './imports/imports-methods.ts'
import { loopMethods } from './loop/loop-methods.ts'
import { runDueSteps } from './loop/steps.ts'
import { parcelsMethods } from './parcels/parcels-methods.ts'
import { plansMethods } from './plans/plans-methods.ts'
import { editsMethods, recordsMethods } from './records/records-methods.ts'
import { mapSheetMethods } from './reports/map-sheet/map-sheet-methods.ts'
import { reportsMethods } from './reports/reports-methods.ts'
import { profileWithin } from './roles/enrolment-guard.ts'
import { readingCut, refuseForeignRecord } from './roles/reading-guard.ts'
import { maskPersonal, refuseProcedure } from './roles/role-guard.ts'
import { scoringMethods } from './scoring/scoring-methods.ts'
import { searchMethods } from './search/search-methods.ts'
import { openDeviceSettings } from './survey/device-settings.ts'
import { createSurveyHolder } from './survey/survey-holder.ts'
import { eventsMethods, surveyMethods } from './survey/survey-methods.ts'
import { createSync } from './sync/sync-methods.ts'
import { themesMethods } from './tiles/themes-methods.ts'
import { createTileService, type TileService } from './tiles/tile-service.ts'
import { visitsMethods } from './visits/visits-methods.ts'
import { zonesMethods } from './zones/zones-methods.ts'

export interface ServiceOptions {
  /** Survey to open at once; none: the host or the user opens one. */
  surveyFile?: string
  dataFolder: string
  resourcesFolder: string
  appVersion: string
  /** Hosts without file dialogs: only uploaded files are read, only the data folder's exports are written. */
  confined?: boolean
  now?: () => Date
  /** Meet the hub without being asked, when the survey's setting says so; hosts that stay. */
  background?: boolean
}

export interface Service {
  router: Router<Contract, Record<never, never>>
  /** A packed tile of the open survey; refuses with `survey_not_open` when there is none. */
  tile(request: TileRequest, signal?: AbortSignal): Promise<Uint8Array>
  /** A picture of a record; null when there is nothing to show. */
  asset(request: AssetRequest, signal?: AbortSignal): Promise<Asset | null>
  /** Closes the survey; acknowledged writes are on disk before and after. */
  close(): void
}

const DUE_STEPS_EVERY_MS = 3_600_000

/** Name of an uploaded file as hosts hand it out: `upload:<id>/<file name>`, under `<dataFolder>/uploads`. */
const UPLOAD = /^upload:([0-9a-f-]{36})\/([^/\\]{1,200})$/

export async function createService(options: ServiceOptions): Promise<Service> {
  const now = options.now ?? (() => new Date())
  const fill = pooledRandom()
  const newId = (): string => uuidV7(now().getTime(), fill)
  mkdirSync(options.dataFolder, { recursive: true })
  const device = openDeviceSettings(join(options.dataFolder, 'device.json'), newId)
  const profile = () => device.get()
  const holder = createSurveyHolder({
    now,
    newId,
    profile,
    device,
    dataFolder: options.dataFolder,
    resourcesFolder: options.resourcesFolder,
  })
  const exportsFolder = join(options.dataFolder, 'exports')
  const surveysFolder = join(options.dataFolder, 'surveys')

  const deps: ServiceDeps = {
    store: () => holder.store(),
    dataFolder: options.dataFolder,
    resourcesFolder: options.resourcesFolder,
    appVersion: options.appVersion,
    resolveInput(file) {
      const upload = UPLOAD.exec(file)
      if (upload) return join(options.dataFolder, 'uploads', upload[1]!, basename(upload[2]!))
      const known = device.get().recent.some(entry => entry.file === file)
      if (options.confined && !known)
        throw new AppError('refused', '浏览器方式只能使用上传的文件', { reason: 'confined_input' })
      return resolve(file)
    },
    resolveSurvey(file) {
      if (!options.confined) return resolve(file)
      mkdirSync(surveysFolder, { recursive: true })
      return join(surveysFolder, basename(file).endsWith('.lowland') ? basename(file) : `${basename(file)}.lowland`)
    },
    resolveOutput(file, defaultName) {
      if (file === undefined || file === '') return join(exportsFolder, defaultName)
      if (!options.confined && isAbsolute(file)) return file
      const target = resolve(exportsFolder, file)
      if (!target.startsWith(exportsFolder + sep))
        throw new AppError('refused', '不能写到这个位置', { reason: 'confined_output' })
      return target
    },
  }

  const onlineTiles = createOnlineTiles(options.dataFolder, device, () => now().getTime())
  const basemaps = createBasemaps(device, newId, onlineTiles)
  const sync = createSync({ ...deps, holder, device, background: options.background ?? false })
  const guarded = os.use(async ({ path, next }, input: unknown) => {
    refuseProcedure(profile(), path)
    const cut = readingCut(holder.current(), profile(), path)
    cut?.input(input)
    const answer = await next()
    const seen = cut ? cut.output(answer.output) : answer.output
    return { ...answer, output: maskPersonal(profile(), seen) as typeof answer.output }
  })
  const router = guarded.router({
    survey: surveyMethods({ ...deps, holder, device }),
    events: eventsMethods({ holder }),
    records: recordsMethods(deps),
    edits: editsMethods(deps),
    parcels: parcelsMethods(deps),
    boundaries: boundaryMethods(deps),
    enterprises: enterprisesMethods(deps),
    plans: plansMethods(deps),
    zones: zonesMethods(deps),
    imports: importsMethods(deps),
    reports: { ...reportsMethods(deps), ...mapSheetMethods(deps, basemaps) },
    exports: exportsMethods(deps),
    attachments: attachmentsMethods(deps),
    basemaps: basemapsMethods(deps, basemaps),
    onlineBasemaps: onlineBasemapsMethods(newId, basemaps, onlineTiles),
    search: searchMethods(deps),
    themes: themesMethods(deps),
    books: booksMethods(deps),
    identify: identifyMethods(deps),
    scoring: scoringMethods(deps),
    sync: sync.methods,
    loop: loopMethods(deps),
    visits: visitsMethods(deps),
    dashboard: dashboardMethods(deps),
    freed: freedMethods(deps),
  })
  let tiles: TileService | undefined
  const calendar = setInterval(() => void dueSteps(), DUE_STEPS_EVERY_MS)
  calendar.unref()
  const dueSteps = async (): Promise<void> => {
    const store = holder.current()
    // What the calendar could not do now it does in an hour; nobody waits for it.
    if (store) await runDueSteps(store).catch(() => undefined)
  }
  holder.onOpened(store => {
    const within = profileWithin(store, device.get())
    if (within) device.update(within as Partial<ReturnType<typeof device.get>>)
    void dueSteps()
    tiles?.dispose()
    tiles = createTileService({
      store,
      onChanged: listener => store.onChanged(listener),
      overviewFile: join(options.dataFolder, 'tiles', `${createHash('sha256').update(store.file).digest('hex')}.tiles`),
    })
  })
  if (options.surveyFile !== undefined) holder.open(options.surveyFile)
  return {
    router,
    async tile(request, signal) {
      if (!tiles) throw surveyNotOpen()
      return tiles(request, signal)
    },
    async asset(request) {
      if (request.kind === 'photo') {
        refuseForeignRecord(deps.store(), profile(), 'attachment', request.id)
        return photoAsset(deps.store(), request.id, request.variant)
      }
      return basemaps.tile(request.source, request.z, request.x, request.y)
    },
    close() {
      sync.close()
      basemaps.close()
      tiles?.dispose()
      holder.close()
    },
  }
}

/** Random bytes from a pool: asking the system for every single id costs more than making the id. */
function pooledRandom(): (bytes: Uint8Array) => void {
  const pool = new Uint8Array(16 * 1024)
  let used = pool.length
  return bytes => {
    if (used + bytes.length > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    bytes.set(pool.subarray(used, used + bytes.length))
    used += bytes.length
  }
}
