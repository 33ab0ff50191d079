/**
 * Which survey is open, and opening another one. Holds the only mutable reference to a store; everything else asks for
 * the store when it needs it. Also passes the open survey's events on to whoever listens to the service.
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { AppError, isAppError } from '../../shared/contract/errors.ts'
import type { ServiceEvent } from '../../shared/contract/survey.ts'
import { installSideHook } from '../boundary/side-index.ts'
import { restoreBackup, writeBackup } from '../db/backup.ts'
import { toAppError } from '../db/sql.ts'
import { openStore, readSetting, type Store, type StoreDeps } from '../db/store.ts'
import { surveyNotOpen } from '../deps.ts'
import { installLoopGuard } from '../loop/loop-guard.ts'
import { installRoleGuard } from '../roles/role-guard.ts'
import { changedTileValues } from '../tiles/changed-values.ts'
import { installVisitGuard } from '../visits/visit-guard.ts'
import { type CampaignTemplate, fillNewSurvey } from './create-survey.ts'
import type { DeviceSettings } from './device-settings.ts'

export interface SurveyHolder {
  store(): Store
  current(): Store | undefined
  open(file: string): Store
  create(file: string, template: CampaignTemplate, name: string | undefined): Promise<Store>
  /** A private copy of the bundled demo; the copy of last time unless `fresh`. */
  openDemo(fresh: boolean): Store
  backup(file: string | undefined): Promise<{ file: string; bytes: number }>
  restore(from: string, file: string): void
  onEvent(listener: (event: ServiceEvent) => void): () => void
  onOpened(listener: (store: Store) => void): void
  close(): void
}

const RECENT_KEPT = 12

export function createSurveyHolder(
  deps: StoreDeps & { device: DeviceSettings; dataFolder: string; resourcesFolder: string },
): SurveyHolder {
  let store: Store | undefined
  const listeners = new Set<(event: ServiceEvent) => void>()
  const openedListeners: ((store: Store) => void)[] = []
  const tell = (event: ServiceEvent): void => {
    for (const listener of listeners) listener(event)
  }

  /** Opens first, closes the old one after: a survey that does not open leaves the present one as it is. */
  const replace = (file: string, create: boolean): Store => {
    if (store && resolve(file) === store.file && !create) return store
    const next = openStore(file, deps, { create })
    installSideHook(next)
    next.onChanged(event => tell({ ...event, tile_values: changedTileValues(next.read, event) }))
    installLoopGuard(next)
    installVisitGuard(next)
    installRoleGuard(next)
    store?.close()
    store = next
    for (const listener of openedListeners) listener(next)
    return next
  }

  const remember = (opened: Store): void => {
    const name = String(readSetting(opened.read, 'name') ?? basename(opened.file, '.lowland'))
    const recent = deps.device.get().recent.filter(entry => entry.file !== opened.file)
    recent.unshift({ file: opened.file, name, opened_at: deps.now().toISOString() })
    try {
      deps.device.update({ recent: recent.slice(0, RECENT_KEPT) })
    } catch (error) {
      // On a full disk the survey is open all the same; only the list of recent ones is not longer than before.
      if (!isAppError(toAppError(error))) throw error
    }
    tell({ type: 'survey_opened', file: opened.file })
  }

  const open: SurveyHolder['open'] = file => {
    const opened = replace(file, false)
    remember(opened)
    return opened
  }

  return {
    store: () => {
      if (!store) throw surveyNotOpen()
      return store
    },
    current: () => store,
    open,
    async create(file, template, name) {
      const opened = replace(file, true)
      try {
        await fillNewSurvey(opened, template, name ?? basename(file, '.lowland'))
      } catch (error) {
        opened.close()
        store = undefined
        rmSync(opened.file, { force: true })
        throw error
      }
      remember(opened)
      return opened
    },
    openDemo(fresh) {
      const source = join(deps.resourcesFolder, 'demo', 'demo.lowland')
      if (!existsSync(source))
        throw new AppError('file_not_found', '没有找到示例数据，请先运行 npm run build', { reason: 'demo_missing' })
      const folder = join(deps.dataFolder, 'demo')
      const copy = join(folder, '示例数据.lowland')
      mkdirSync(folder, { recursive: true })
      if (fresh && store?.file === resolve(copy)) {
        store.close()
        store = undefined
      }
      if (fresh) for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true })
      if (!existsSync(copy)) copyFileSync(source, copy)
      return open(copy)
    },
    async backup(file) {
      const current = store
      if (!current) throw surveyNotOpen()
      if (file === undefined) {
        const written = await current.backup('manual')
        return { file: written, bytes: statSync(written).size }
      }
      return { file, bytes: await current.quiesced(db => writeBackup(db, file)) }
    },
    restore(from, file) {
      if (store?.file === resolve(file)) {
        store.close()
        store = undefined
      }
      restoreBackup(from, file, deps.now())
      open(file)
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onOpened(listener) {
      openedListeners.push(listener)
      if (store) listener(store)
    },
    close() {
      store?.close()
      store = undefined
    },
  }
}
