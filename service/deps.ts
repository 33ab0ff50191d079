/** What every area of the service is given: the open survey, where to put files, and how files are named by hosts. */
import { implement } from '@orpc/server'
import { contract } from '../shared/contract/contract.ts'
import { AppError } from '../shared/contract/errors.ts'
import type { Store } from './db/store.ts'

export interface ServiceDeps {
  /** The open survey; throws `survey_not_open` when there is none. */
  store(): Store
  /** Folder of this installation for settings, demo copies, uploads and exports. */
  dataFolder: string
  /** Bundled resources (templates, basemap, demo). */
  resourcesFolder: string
  /** A readable file for what a host calls it: a path, or the token of an uploaded file. */
  resolveInput(file: string): string
  /** Where a produced file may go; hosts without a file dialog only below the data folder's exports. */
  resolveOutput(file: string | undefined, defaultName: string): string
  /** Where a new survey (or a restored one) is made; hosts without paths keep them in the data folder. */
  resolveSurvey(file: string): string
  appVersion: string
}

/** The contract to be implemented; one instance so that all areas share its types. */
export const os = implement(contract)

export function surveyNotOpen(): AppError {
  return new AppError('survey_not_open', '请先新建或打开一个调查文件', { reason: 'survey_not_open' })
}

/** Lets pending requests run; long work awaits this at least every 30 ms. */
export function breathe(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** Throws `cancelled` once the caller has given up. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', '已取消，没有写入任何内容', { reason: 'cancelled' })
}
