/** `survey.*` and `events.*` of the contract. */
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { ServiceEvent, SurveyInfo } from '../../shared/contract/survey.ts'
import { checkOriginals } from '../attachments/attachments-methods.ts'
import { parcelExtent } from '../db/parcel-boxes.ts'
import { readSetting } from '../db/store.ts'
import { os, type ServiceDeps } from '../deps.ts'
import { logExport } from '../reports/output.ts'
import { refuseBeyondEnrolment } from '../roles/enrolment-guard.ts'
import type { DeviceSettings } from './device-settings.ts'
import type { SurveyHolder } from './survey-holder.ts'
import { activeBoundarySummary, campaignRecord, checkSurvey, countRecords, listUnits } from './survey-repo.ts'

/** A quiet stream says so now and then, so that a dead one can be told from a quiet one. */
const HEARTBEAT_MS = 20_000

export function surveyMethods(deps: ServiceDeps & { holder: SurveyHolder; device: DeviceSettings }) {
  const { holder, device } = deps
  const info = (): SurveyInfo => surveyInfo(deps)
  return {
    info: os.survey.info.handler(info),
    create: os.survey.create.handler(async ({ input }) => {
      await holder.create(deps.resolveSurvey(input.file), input.campaign, input.name)
      return info()
    }),
    open: os.survey.open.handler(({ input }) => {
      holder.open(deps.resolveInput(input.file))
      return info()
    }),
    openDemo: os.survey.openDemo.handler(({ input }) => {
      holder.openDemo(input.fresh)
      return info()
    }),
    recent: os.survey.recent.handler(() =>
      device.get().recent.map(entry => ({ ...entry, exists: existsSync(entry.file) })),
    ),
    updateCampaign: os.survey.updateCampaign.handler(async ({ input }) => {
      const store = deps.store()
      const campaign = campaignRecord(store.read)
      await store.mutate({ label: 'campaign_updated', reason: input.reason }, tx => {
        if (campaign) tx.update('campaign', String(campaign['id']), input.values)
        else tx.create('campaign', { name: '', ...input.values })
      })
      return info()
    }),
    setProfile: os.survey.setProfile.handler(({ input }) => {
      refuseBeyondEnrolment(holder.current(), input)
      const state = device.update(input)
      return {
        user: state.user,
        role: state.role,
        unit: state.unit,
        department: state.department,
        device: state.device,
      }
    }),
    settings: os.survey.settings.handler(() => device.get().settings),
    setSettings: os.survey.setSettings.handler(
      ({ input }) => device.update({ settings: { ...device.get().settings, ...input } }).settings,
    ),
    backup: os.survey.backup.handler(async ({ input }) => {
      if (input.file === undefined) return holder.backup(undefined)
      const written = await holder.backup(deps.resolveOutput(input.file, basename(input.file)))
      // A copy that leaves the survey's own folder holds everything: it stands in the export book like other files.
      await logExport(deps.store(), 'survey.backup', written.file, 1)
      return written
    }),
    restore: os.survey.restore.handler(({ input }) => {
      const file = deps.resolveSurvey(input.file)
      holder.restore(deps.resolveInput(input.from), file)
      return { file }
    }),
    check: os.survey.check.handler(async () => {
      const store = deps.store()
      const problems = [...(await store.quiesced(db => checkSurvey(db))), ...(await checkOriginals(store))]
      return { ok: problems.length === 0, problems }
    }),
  }
}

export function eventsMethods(deps: { holder: SurveyHolder }) {
  return {
    subscribe: os.events.subscribe.handler(({ signal }) => eventStream(deps.holder, signal)),
  }
}

async function* eventStream(holder: SurveyHolder, signal: AbortSignal | undefined): AsyncGenerator<ServiceEvent, void> {
  const queue: ServiceEvent[] = []
  let wake: (() => void) | undefined
  const push = (event: ServiceEvent): void => {
    queue.push(event)
    wake?.()
  }
  const stop = holder.onEvent(push)
  const beat = setInterval(() => push({ type: 'heartbeat' }), HEARTBEAT_MS)
  const abort = (): void => wake?.()
  signal?.addEventListener('abort', abort)
  try {
    // The first word at once: the listener then knows that nothing can slip past it.
    yield { type: 'heartbeat' }
    while (!signal?.aborted) {
      const event = queue.shift()
      if (event) yield event
      else
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
  } finally {
    clearInterval(beat)
    signal?.removeEventListener('abort', abort)
    stop()
  }
}

function surveyInfo(deps: ServiceDeps & { holder: SurveyHolder; device: DeviceSettings }): SurveyInfo {
  const { user, role, unit, department, device } = deps.device.get()
  const profile = { user, role, unit, department, device }
  const store = deps.holder.current()
  if (!store) {
    return {
      open: false,
      file: '',
      name: '',
      demo: false,
      campaign: null,
      units: [],
      counts: { parcels: 0, enterprises: 0, plans: 0, zones: 0 },
      extent: null,
      guard_box: null,
      boundary: null,
      revision: 0,
      profile,
      app_version: deps.appVersion,
    }
  }
  const db = store.read
  return {
    open: true,
    file: store.file,
    name: String(readSetting(db, 'name') ?? basename(store.file, '.lowland')),
    demo: readSetting(db, 'demo') === true,
    campaign: campaignRecord(db),
    units: listUnits(db),
    counts: countRecords(db),
    extent: parcelExtent(db),
    guard_box: (readSetting(db, 'guard_box') as SurveyInfo['guard_box']) ?? null,
    boundary: activeBoundarySummary(db),
    revision: store.revision(),
    profile,
    app_version: deps.appVersion,
  }
}
