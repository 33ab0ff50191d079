/** Joins parcels: clicks choose and unchoose, the first chosen keeps its code; Enter or the button joins. */
import { squareMetersToMu } from '../../../shared/geometry/area.ts'
import { EMPTY_SKETCH, openPolygons, type ParcelSource, type SketchGeometry } from './sketch.ts'
import type { Tool, ToolContext } from './tool.ts'

export function mergeTool(context: ToolContext): Tool {
  let chosen: readonly ParcelSource[] = []
  let union: { readonly geometry: SketchGeometry; readonly areaM2: number } | null = null
  let isBusy = false
  let isActive = false
  let turn = 0

  async function toggle(id: string) {
    if (isBusy) return
    try {
      const known = chosen.some(parcel => parcel.id === id)
      const found = known ? null : await context.parcel(id)
      if (!isActive) return
      chosen = found ? [...chosen.filter(parcel => parcel.id !== id), found] : chosen.filter(parcel => parcel.id !== id)
      await preview()
    } catch (error) {
      if (isActive) context.problem(error)
    }
  }

  async function preview() {
    const mine = ++turn
    union = null
    show()
    if (chosen.length < 2) return
    const edited = await context.preview.merge(chosen)
    const [result] = edited.parcels
    if (mine !== turn || !isActive || !result) return
    union = { geometry: result.geometry as SketchGeometry, areaM2: result.area_m2 }
    show()
  }

  async function merge() {
    if (!union || isBusy) return
    isBusy = true
    try {
      await context.merged(chosen)
      chosen = []
      if (isActive) context.leave()
    } catch (error) {
      context.problem(error)
    } finally {
      isBusy = false
    }
  }

  function giveUp() {
    if (chosen.length === 0) return context.leave()
    chosen = []
    union = null
    turn += 1
    show()
  }

  function show() {
    if (!isActive) return
    const [first] = chosen
    const polygons = union ? openPolygons(union.geometry) : []
    context.show({
      ...EMPTY_SKETCH,
      polygons,
      others: chosen.flatMap(parcel => openPolygons(parcel.geometry)),
      hint:
        first && union
          ? {
              key: 'map.merge.hint',
              values: { count: chosen.length, code: first.code, mu: squareMetersToMu(union.areaM2).toFixed(2) },
            }
          : { key: first ? 'map.merge.more' : 'map.merge.pick', values: { code: first?.code ?? '' } },
      warnings: polygons.length > 1 ? [{ key: 'map.merge.apart', values: { count: polygons.length } }] : [],
      actions: [
        ...(union ? [{ words: { key: 'map.merge.yes' }, run: () => void merge() }] : []),
        { words: { key: 'map.cancel' }, run: giveUp },
      ],
    })
  }

  async function begin(ids: readonly string[]) {
    for (const id of ids) await toggle(id)
  }

  return {
    enter() {
      isActive = true
      chosen = []
      union = null
      const picked = context.takePicked()
      const selected = context.selectedId()
      show()
      void begin(picked.length > 0 ? picked : selected ? [selected] : [])
    },
    exit() {
      isActive = false
      turn += 1
      context.show(null)
    },
    onPointer(input) {
      if (input.kind !== 'click') return false
      context.pick(input).then(
        id => {
          if (id !== null && isActive) void toggle(id)
        },
        error => context.problem(error),
      )
      return true
    },
    onKey({ key }) {
      const last = chosen.at(-1)
      if (key === 'Escape') giveUp()
      else if (key === 'Enter') void merge()
      else if (key === 'Backspace' && last) void toggle(last.id)
      else return false
      return true
    },
  }
}
