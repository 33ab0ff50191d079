/** `sync.*` of the contract, and the meetings with the hub that come by themselves. */
import { hostname } from 'node:os'
import type { Progress } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/contract/errors.ts'
import { type SyncMode, type SyncStatus, syncModeSchema } from '../../shared/contract/sync.ts'
import { codesOf } from '../../shared/model/enumerations.ts'
import { createJobControl, type JobControl, streamJob } from '../boundary/job-stream.ts'
import { get, run } from '../db/sql.ts'
import { readSetting, type Store, writeSetting } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import type { DeviceSettings } from '../survey/device-settings.ts'
import type { SurveyHolder } from '../survey/survey-holder.ts'
import { exportBundle } from './bundle-export.ts'
import { importBundle, inspectBundle } from './bundle-import.ts'
import { collect } from './collect.ts'
import { conflictDetail, listConflicts, resolveConflict } from './conflicts.ts'
import { enrol } from './enrol.ts'
import { type HubLink, hubAddress, hubLink } from './hub-link.ts'
import { listOutbox } from './outbox-list.ts'
import { trustOwnAuthority } from './own-authority.ts'
import { recordState } from './record-state.ts'
import { countsOf, requireLink, runSync, type SyncResult } from './run-sync.ts'
import { syncLoop } from './sync-loop.ts'
import { countConflicts, readLink } from './sync-repo.ts'
import { openTokenFile } from './token-file.ts'

export function createSync(deps: ServiceDeps & { holder: SurveyHolder; device: DeviceSettings; background: boolean }) {
  const tokens = openTokenFile(deps.dataFolder)
  trustOwnAuthority(deps.dataFolder)
  let running: { store: Store; abort: AbortController; progress: Progress | null } | undefined

  const hubOf = (store: Store, signal: AbortSignal): HubLink => {
    const link = requireLink(store)
    if (link.hub === null) throw new AppError('refused', '这份调查只用数据包交换，没有汇总端地址', { reason: 'no_hub' })
    const token = tokens.get(link.device)
    if (token === undefined)
      throw new AppError('refused', '这台电脑没有这份调查的登记信息，请重新登记', { reason: 'no_token' })
    return hubLink(link.hub, token, signal)
  }

  /** One exchange at a time, by network or bundle; a second asker is told so. */
  const alone = async <T>(
    store: Store,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    if (running) throw new AppError('refused', '正在同步', { reason: 'sync_running' })
    const abort = new AbortController()
    const stop = (): void => abort.abort()
    signal?.addEventListener('abort', stop)
    running = { store, abort, progress: null }
    try {
      return await work(abort.signal)
    } finally {
      signal?.removeEventListener('abort', stop)
      running = undefined
    }
  }

  /** Whoever looks at the panel sees how far a meeting is, also one that nobody there has started. */
  const noting = (control: JobControl): JobControl => ({
    ...control,
    report(progress) {
      if (running) running.progress = progress
      control.report(progress)
    },
  })

  const meet = async (store: Store, control: JobControl, signal: AbortSignal | undefined): Promise<SyncResult> => {
    let isDone = false
    try {
      const result = await alone(store, signal, given =>
        runSync(store, hubOf(store, given), noting(control), modeOf(store) !== 'metered'),
      )
      isDone = true
      return result
    } finally {
      loop.ended(isDone)
    }
  }

  const loop = syncLoop({
    mode: () => {
      const store = deps.holder.current()
      return deps.background && store && readLink(store.read)?.hub ? modeOf(store) : undefined
    },
    meet: () => {
      const store = deps.holder.current()
      if (!store || running) return
      const abort = new AbortController()
      // What went wrong stands in the link and is shown; nobody waits for this one.
      meet(store, createJobControl(abort.signal), abort.signal).catch(() => undefined)
    },
  })
  deps.holder.onOpened(store => {
    running?.abort.abort()
    store.onChanged(() => loop.nudge())
    loop.nudge()
  })

  const status = (): SyncStatus => ({
    ...statusOf(deps.store(), tokens.get.bind(tokens), running?.store === deps.store()),
    progress: running?.progress ?? null,
  })

  const methods = {
    status: os.sync.status.handler(status),
    record: os.sync.record.handler(({ input }) => recordState(deps.store().read, input.entity, input.id)),
    enroll: os.sync.enroll.handler(async ({ input, signal }) => {
      const hub = hubAddress(input.hub)
      const link = await enrol(deps.store(), token => hubLink(hub, token, signal), tokens, {
        hub,
        code: input.code,
        name: input.name ?? `${deps.device.get().user} ${hostname()}`,
      })
      const role = codesOf('role').find(known => known === link.role)
      deps.device.update({ unit: link.unit, ...(role === undefined ? {} : { role }) })
      loop.nudge()
      return status()
    }),
    setMode: os.sync.setMode.handler(async ({ input }) => {
      await deps.store().quiesced(db => db.transaction(() => writeSetting(db, 'sync_mode', input.mode)).immediate())
      loop.stop()
      loop.nudge()
      return status()
    }),
    run: os.sync.run.handler(({ signal }) =>
      streamJob(signal, control => {
        const store = deps.store()
        if (modeOf(store) === 'never')
          throw new AppError('refused', '同步已设为“从不”，请先改设置', { reason: 'sync_never' })
        return meet(store, control, signal)
      }),
    ),
    bundleExport: os.sync.bundleExport.handler(({ input, signal }) =>
      streamJob(signal, control => {
        const store = deps.store()
        const kind = input.unit === undefined ? '回传' : `下发_${input.unit}`
        const file = deps.resolveOutput(input.file, `${kind}_${fileStamp(store.now())}.lowbundle`)
        return alone(store, signal, () => exportBundle(store, { ...input, file }, control))
      }),
    ),
    bundleImport: os.sync.bundleImport.handler(({ input, signal }) =>
      streamJob(signal, control => {
        const store = deps.store()
        const file = deps.resolveInput(input.file)
        return alone(store, signal, async given => {
          const result = await importBundle(store, () => hubOf(store, given), file, input.passphrase, control)
          // The county fetches at once what it has just passed on.
          if (result.kind === 'return') await runSync(store, hubOf(store, given), control)
          return { ...result, ...countsOf(store) }
        })
      }),
    ),
    bundleInspect: os.sync.bundleInspect.handler(({ input, signal }) =>
      inspectBundle(deps.resolveInput(input.file), input.passphrase, createJobControl(signal)),
    ),
    outbox: os.sync.outbox.handler(async ({ input, signal }) => {
      const store = deps.store()
      // Steps that no meeting has looked at yet have no patch so far.
      if (input.kind === 'pending') await collect(store, createJobControl(signal))
      return listOutbox(store.read, input)
    }),
    dismiss: os.sync.dismiss.handler(async ({ input }) => {
      await deps.store().quiesced(db =>
        db
          .transaction(() => {
            for (const id of input.ids)
              run(db, `UPDATE sync_outbox SET state = 'settled' WHERE id = ? AND state = 'refused'`, [id])
          })
          .immediate(),
      )
      return status()
    }),
    conflicts: os.sync.conflicts.handler(({ input }) => listConflicts(deps.store().read, input.open)),
    conflict: os.sync.conflict.handler(({ input }) => conflictDetail(deps.store().read, input.id)),
    resolve: os.sync.resolve.handler(async ({ input }) => {
      const store = deps.store()
      for (const id of input.ids) await resolveConflict(store, id, input.take, input.reason)
      return { resolved: input.ids.length, conflicts: countConflicts(store.read) }
    }),
  }
  return {
    methods,
    close(): void {
      loop.stop()
      running?.abort.abort()
    },
  }
}

/** 20260501-0830, in the laptop's own time: names of files are read by people. */
function fileStamp(at: Date): string {
  const two = (part: number): string => String(part).padStart(2, '0')
  return `${at.getFullYear()}${two(at.getMonth() + 1)}${two(at.getDate())}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`
}

function modeOf(store: Store): SyncMode {
  const parsed = syncModeSchema.safeParse(readSetting(store.read, 'sync_mode'))
  return parsed.success ? parsed.data : 'automatic'
}

function statusOf(
  store: Store,
  tokenOf: (device: string) => string | undefined,
  isRunning: boolean,
): Omit<SyncStatus, 'progress'> {
  const db = store.read
  const link = readLink(db)
  const count = (where: string): number =>
    get<{ n: number }>(db, `SELECT count(*) AS n FROM sync_outbox WHERE ${where}`)!.n
  const { collected_edit = 0 } = link ?? {}
  // Steps that no meeting has looked at yet are on their way too.
  const fresh = link
    ? get<{ n: number }>(
        db,
        `SELECT count(*) AS n FROM change c JOIN edit e ON e.seq = c.edit_seq WHERE e.seq > ? AND e.kind <> 'remote'`,
        [collected_edit],
      )!.n
    : 0
  const sent = count(`state = 'sent' AND state <> 'settled'`)
  return {
    enrolled: link !== undefined,
    has_token: link !== undefined && tokenOf(link.device) !== undefined,
    hub: link?.hub ?? null,
    survey_name: link?.survey_name ?? '',
    unit: link?.unit ?? null,
    role: link?.role ?? '',
    mode: modeOf(store),
    running: isRunning,
    last_contact: link?.last_contact ?? null,
    last_error: link?.last_error ?? null,
    missing_originals: link?.missing_originals ?? 0,
    cursor: link?.cursor ?? 0,
    head: link?.head ?? 0,
    pending: count(`state = 'waiting' AND state <> 'settled'`) + sent + fresh,
    sent,
    refused: count(`state = 'refused' AND state <> 'settled'`),
    conflicts: countConflicts(db),
  }
}
