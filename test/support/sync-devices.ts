/** Laptops with real survey files for tests of synchronisation, and a hub beside them. */
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJobControl } from '../../service/boundary/job-stream.ts'
import { openStore, type Store } from '../../service/db/store.ts'
import type { Transaction } from '../../service/db/transaction.ts'
import { type ExportResult, exportBundle } from '../../service/sync/bundle-export.ts'
import { type ImportResult, importBundle } from '../../service/sync/bundle-import.ts'
import { enrol } from '../../service/sync/enrol.ts'
import { type Fetch, type HubLink, hubLink } from '../../service/sync/hub-link.ts'
import { runSync, type SyncResult } from '../../service/sync/run-sync.ts'
import { readLink } from '../../service/sync/sync-repo.ts'
import { openTokenFile } from '../../service/sync/token-file.ts'
import { newId } from './hub-client.ts'

export const PASSPHRASE = '一个足够长的测试口令'

export class Device {
  readonly name: string
  unit: string | null
  readonly folder: string
  /** Milliseconds by which this laptop's clock is off. */
  readonly skewMs: number
  store: Store
  send: Fetch = fetch

  constructor(name: string, unit: string | null, skewMs = 0) {
    this.name = name
    this.unit = unit
    this.skewMs = skewMs
    this.folder = mkdtempSync(join(tmpdir(), 'lowland-device-'))
    this.store = this.#open(true)
  }

  #open(create: boolean): Store {
    const now = (): Date => new Date(Date.now() + this.skewMs)
    const profile = () => ({ user: `${this.name}的人`, role: 'inspector', unit: this.unit, device: this.name })
    return openStore(join(this.folder, 'survey.lowland'), { now, newId, profile }, { create })
  }

  restart(): void {
    this.store.close()
    this.store = this.#open(false)
  }

  /**
   * As pulling the plug in the middle of a write: the files as they are while a transaction is open are what is found
   * afterwards.
   */
  async crash(work: (tx: Transaction) => void): Promise<void> {
    const file = join(this.folder, 'survey.lowland')
    const parts = ['', '-wal'].map(suffix => file + suffix)
    const cut = new Error('power cut')
    await this.store
      .mutate({ label: 'updated' }, tx => {
        work(tx)
        for (const part of parts) if (existsSync(part)) copyFileSync(part, `${part}.found`)
        throw cut
      })
      .catch(error => {
        if (error !== cut) throw error
      })
    this.store.close()
    for (const part of [...parts, `${file}-shm`]) rmSync(part, { force: true })
    for (const part of parts) if (existsSync(`${part}.found`)) renameSync(`${part}.found`, part)
    this.store = this.#open(false)
  }

  /** Once more, for another unit (null: the county): under a new name at the hub. */
  async enrolAnew(hub: string, code: string, unit: string | null): Promise<void> {
    await this.enrol(hub, code)
    this.unit = unit
  }

  async enrol(hub: string, code: string): Promise<void> {
    const link = (token?: string) => hubLink(hub, token, undefined, (...given) => this.send(...given))
    await enrol(this.store, link, openTokenFile(this.folder), { hub, code, name: this.name })
  }

  sync(signal?: AbortSignal): Promise<SyncResult> {
    return runSync(this.store, this.link(signal), createJobControl(signal))
  }

  async export(file: string, request: { unit?: string; name?: string; full?: boolean } = {}): Promise<ExportResult> {
    const wanted = { full: false, ...request, file, passphrase: PASSPHRASE }
    return exportBundle(this.store, wanted, createJobControl())
  }

  import(file: string, passphrase = PASSPHRASE): Promise<ImportResult> {
    return importBundle(this.store, () => this.link(), file, passphrase, createJobControl())
  }

  link(signal?: AbortSignal): HubLink {
    const { hub, device } = readLink(this.store.read)!
    const token = openTokenFile(this.folder).get(device)
    return hubLink(hub!, token, signal, (...given) => this.send(...given))
  }

  close(): void {
    this.store.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
