/**
 * "Add a corner here": the mean of the fixes at the point becomes a corner of the tool in hand. Where a stored corner would
 * move, or one lies so near that it is probably meant, the person is asked first; what was measured and answered goes into
 * the change log with the outline.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AveragedPoint } from '../../../shared/gnss/averaging.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useToolBlocks } from '../../app/use-tool-blocks.ts'
import { noteCorner } from '../../map/field/corner-notes.ts'
import { cornerTaker } from '../../map/field/gnss-view.ts'
import type { LngLat } from '../../map/map-port.ts'
import type { Neighbour } from '../../map/tools/sketch.ts'
import type { Placing } from '../../map/tools/tool.ts'
import { type Collecting, type Collector, collectFixes } from './collect-fixes.ts'
import { gnssState, isStale, onEpoch } from './gnss-session.ts'
import { gnssUi, useGnssUi } from './gnss-ui.ts'
import { boxAround, distanceM, nearestCorner, reachOf, type StoredCorner } from './stored-corner.ts'
import { pointWords } from './words.ts'

export interface CornerQuestion {
  /** `move`: the stored corner would go to the fix. `near`: one lies beside a new corner. */
  readonly kind: 'move' | 'near'
  readonly corner: StoredCorner
  /** File that the parcel was imported from; '' when it is unknown, null when it was not imported. */
  readonly importedFrom: string | null
  readonly point: AveragedPoint
  answer(answer: { readonly take: 'fix' | 'stored'; readonly reason: string } | null): void
}

export interface CornerWork {
  readonly collecting: Collecting | null
  readonly question: CornerQuestion | null
  /** What the last corner became, in words. */
  readonly last: string | null
  finish(): void
  giveUp(): void
}

export function useCorner(): CornerWork {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const blocks = useToolBlocks()
  const wished = useGnssUi(ui => ui.wished)
  const [collecting, setCollecting] = useState<Collecting | null>(null)
  const [question, setQuestion] = useState<CornerQuestion | null>(null)
  const [last, setLast] = useState<string | null>(null)
  const collector = useRef<Collector | null>(null)
  const isBusy = useRef(false)
  const handled = useRef(wished)

  const importedFrom = useCallback(
    async (id: string): Promise<string | null> => {
      const { record } = await client.parcels.detail({ id })
      return record['import_batch'] ? String(record['source_file'] ?? '') : null
    },
    [client],
  )

  const ask = useCallback(
    async (kind: 'move' | 'near', corner: StoredCorner, point: AveragedPoint) => {
      const from = await importedFrom(corner.parcelId)
      const answer = await new Promise<Parameters<CornerQuestion['answer']>[0]>(resolve =>
        setQuestion({ kind, corner, importedFrom: from, point, answer: resolve }),
      )
      setQuestion(null)
      return answer && { ...answer, from }
    },
    [importedFrom],
  )

  const place = useCallback(
    async (point: AveragedPoint, placing: Placing) => {
      const words = pointWords(point)
      const add = (at: LngLat, note: string | null) => {
        if (!cornerTaker()?.add(at)) return notify.info(t('gnss.no_tool'))
        if (note) noteCorner(at, note)
        setLast(
          placing.kind === 'move'
            ? t('gnss.moved', { vertex: placing.vertex })
            : t('gnss.added', { number: placing.kind === 'add' ? placing.number : '' }),
        )
      }
      const told = (corner: StoredCorner, from: string | null, reason: string) =>
        t('gnss.note_corner', {
          code: corner.code,
          vertex: corner.vertex,
          distance: corner.distanceM.toFixed(2),
          imported: from === null ? '' : t('gnss.note_imported', { file: from }),
          reason: reason ? t('gnss.note_reason', { reason }) : '',
        })
      if (placing.kind === 'move') {
        const from = { lng: placing.from[0], lat: placing.from[1] }
        const { parcelId, code, vertex } = placing
        const corner = { parcelId, code, vertex, place: from, distanceM: distanceM(from, point) }
        const answer = await ask('move', corner, point)
        if (answer?.take === 'fix') add(point, `${words}；${told(corner, answer.from, answer.reason)}`)
        return
      }
      const reach = reachOf(point.accuracyM)
      const around = await client.parcels.neighbours({ box: boxAround(point, reach) })
      const near = nearestCorner(point, around as Neighbour[], reach)
      if (!near) return add(point, words)
      const answer = await ask('near', near, point)
      if (answer?.take === 'stored') add(near.place, null)
      else if (answer) add(point, `${words}；${told(near, answer.from, answer.reason)}`)
    },
    [ask, client, notify, t],
  )

  const start = useCallback(async () => {
    if (isBusy.current) return
    const state = gnssState()
    if (isStale(state, performance.now())) return notify.info(t('gnss.no_place'))
    let placing = cornerTaker()?.placing() ?? null
    if (!placing) {
      if (blocks.draw) return notify.info(t(`disabled.${blocks.draw}`))
      setUi({ page: 'map', tool: 'draw' })
      placing = await taken()
      if (!placing) return
    }
    if (placing.kind === 'choose') return notify.info(t('gnss.choose_corner'))
    isBusy.current = true
    setLast(null)
    try {
      const { count, least } = gnssUi()
      collector.current = collectFixes(onEpoch, count, least, state.fix, setCollecting)
      const point = await collector.current.result
      setCollecting(null)
      // The tool may have changed meanwhile; what it says now counts.
      const now = cornerTaker()?.placing() ?? null
      if (point && now && now.kind !== 'choose') await place(point, now)
    } catch (error) {
      notify.error(error)
    } finally {
      collector.current = null
      isBusy.current = false
      setCollecting(null)
    }
  }, [blocks, notify, place, t])

  useEffect(() => {
    if (wished === handled.current) return
    handled.current = wished
    void start()
  }, [wished, start])
  useEffect(() => () => collector.current?.giveUp(), [])

  return {
    collecting,
    question,
    last,
    finish: () => collector.current?.finish(),
    giveUp: () => collector.current?.giveUp(),
  }
}

/** What the tool that was just asked for takes, once it is in hand; null when it does not come. */
async function taken(): Promise<Placing | null> {
  for (let tries = 0; tries < 40; tries++) {
    const placing = cornerTaker()?.placing() ?? null
    if (placing) return placing
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  return null
}
