/**
 * The data service: the contract implemented over one survey store. The same object stands behind the window (utility
 * process), the browser (loopback host) and the terminal (direct calls). Composition only.
 */
import { randomFillSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { Router } from '@orpc/server'
import { basename, isAbsolute, join, resolve, sep } from 'node:path'
import { AppError } from '../shared/contract/errors.ts'
import type { Contract } from '../shared/contract/contract.ts'
import type { TileRequest } from '../shared/contract/tiles.ts'
import { uuidV7 } from '../shared/lib/uuid.ts'
import { boundaryMethods } from './boundary/boundary-methods.ts'
import { os, type ServiceDeps } from './deps.ts'
import { enterprisesMethods } from './enterprises/enterprises-methods.ts'
import { plansMethods } from './plans/plans-methods.ts'
import { editsMethods, recordsMethods } from './records/records-methods.ts'
import { searchMethods } from './search/search-methods.ts'
import { openDeviceSettings } from './survey/device-settings.ts'
import { createSurveyHolder } from './survey/survey-holder.ts'
import { eventsMethods, surveyMethods } from './survey/survey-methods.ts'

export interface ServiceOptions {
  /** Survey to open at once; none: the host or the user opens one. */
  surveyFile?: string
  dataFolder: string
  resourcesFolder: string
  appVersion: string
  /** Hosts without file dialogs: only uploaded files are read, only the data folder's exports are written. */
  confined?: boolean
  now?: () => Date
}

export interface Service {
  router: Router<Contract, Record<never, never>>
  /** A packed tile of the open survey; refuses with `survey_not_open` when there is none. */
  tile(request: TileRequest, signal?: AbortSignal): Promise<Uint8Array>
  /** Closes the survey; acknowledged writes are on disk before and after. */
  close(): void
}

/** Name of an uploaded file as hosts hand it out: `upload:<id>/<file name>`, under `<dataFolder>/uploads`. */
const UPLOAD = /^upload:([0-9a-f-]{36})\/([^/\\]{1,200})$/

export async function createService(options: ServiceOptions): Promise<Service> {
  const now = options.now ?? (() => new Date())
  const newId = (): string => uuidV7(now().getTime(), bytes => randomFillSync(bytes))
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
    resolveOutput(file, defaultName) {
      if (file === undefined || file === '') return join(exportsFolder, defaultName)
      if (!options.confined && isAbsolute(file)) return file
      const target = resolve(exportsFolder, file)
      if (!target.startsWith(exportsFolder + sep))
        throw new AppError('refused', '不能写到这个位置', { reason: 'confined_output' })
      return target
    },
  }

  const router = os.router({
    survey: surveyMethods({ ...deps, holder, device }),
    events: eventsMethods({ holder }),
    records: recordsMethods(deps),
    edits: editsMethods(deps),
    boundaries: boundaryMethods(deps),
    enterprises: enterprisesMethods(deps),
    plans: plansMethods(deps),
    search: searchMethods(deps),
  })
  if (options.surveyFile !== undefined) holder.open(options.surveyFile)
  return {
    router,
    tile: (_request: TileRequest) => Promise.resolve(new Uint8Array()),
    close: () => holder.close(),
  }
}
