/** Tools that propose an edit of a parcel and wait for a yes: the boundary's cut, and taking overlaps away. */
import type { EditedParcels } from '../../../shared/contract/parcel-edits.ts'
import { squareMetersToMu } from '../../../shared/geometry/area.ts'
import { EMPTY_SKETCH, openPolygons, type ParcelSource, type Sketch, type SketchAction, type Words } from './sketch.ts'
import type { Tool, ToolContext } from './tool.ts'

interface ProposalOptions {
  readonly pick: string
  /** Works the proposal out; what makes it impossible is shown in place of it. */
  propose(parcel: ParcelSource): Promise<Proposal>
}

interface Proposal {
  readonly sketch: Partial<Sketch>
  readonly hint: Words
  readonly choices: readonly { readonly words: Words; run(): Promise<void> }[]
}

function proposalTool(context: ToolContext, options: ProposalOptions): Tool {
  let parcel: ParcelSource | null = null
  let proposal: Proposal | null = null
  let isBusy = false
  let isActive = false
  let turn = 0

  async function take(id: string) {
    const mine = ++turn
    proposal = null
    try {
      const found = await context.parcel(id)
      if (mine !== turn || !isActive) return
      parcel = found
      context.select(id)
      context.show({ ...EMPTY_SKETCH, others: openPolygons(found.geometry), hint: { key: 'map.working' } })
      const worked = await options.propose(found)
      if (mine !== turn || !isActive) return
      proposal = worked
      show()
    } catch (error) {
      if (mine !== turn || !isActive) return
      parcel = null
      context.problem(error)
      show()
    }
  }

  async function accept(choice: Proposal['choices'][number]) {
    if (isBusy) return
    isBusy = true
    try {
      await choice.run()
      if (isActive) context.leave()
    } catch (error) {
      context.problem(error)
    } finally {
      isBusy = false
    }
  }

  function show() {
    if (!isActive) return
    if (!proposal) return context.show({ ...EMPTY_SKETCH, hint: { key: options.pick }, actions: [leaveAction()] })
    context.show({
      ...EMPTY_SKETCH,
      ...proposal.sketch,
      hint: proposal.hint,
      actions: [
        ...proposal.choices.map(choice => ({ words: choice.words, run: () => void accept(choice) })),
        leaveAction(),
      ],
    })
  }

  const leaveAction = (): SketchAction => ({ words: { key: 'map.cancel' }, run: () => context.leave() })

  return {
    enter() {
      isActive = true
      const selected = context.selectedId()
      if (selected) void take(selected)
      else show()
    },
    exit() {
      isActive = false
      turn += 1
      parcel = null
      proposal = null
      context.show(null)
    },
    onPointer(input) {
      if (input.kind !== 'click') return false
      context.pick(input).then(
        id => {
          if (id !== null && id !== parcel?.id && isActive) void take(id)
        },
        error => context.problem(error),
      )
      return true
    },
    onKey({ key }) {
      const [first] = proposal?.choices ?? []
      if (key === 'Escape') context.leave()
      else if (key === 'Enter' && first) void accept(first)
      else return false
      return true
    },
  }
}

const shapesOf = (edited: EditedParcels) => edited.parcels.map(parcel => openPolygons(parcel.geometry as never))
const muOf = (areaM2: number): string => squareMetersToMu(areaM2).toFixed(2)

export function boundaryTool(context: ToolContext): Tool {
  return proposalTool(context, {
    pick: 'map.boundarySplit.pick',
    async propose(parcel) {
      const edited = await context.preview.atBoundary(parcel)
      const [inside, outside] = edited.parcels
      return {
        sketch: { parts: shapesOf(edited) },
        hint: {
          key: 'map.boundarySplit.hint',
          values: { code: parcel.code, inside: muOf(inside!.area_m2), outside: muOf(outside!.area_m2) },
        },
        choices: [{ words: { key: 'map.boundarySplit.yes' }, run: () => context.splitAtBoundary(parcel) }],
      }
    },
  })
}

export function cutTool(context: ToolContext): Tool {
  return proposalTool(context, {
    pick: 'map.cut.pick',
    async propose(parcel) {
      const checked = await context.check([{ id: parcel.id, geometry: parcel.geometry }])
      if (checked.overlaps.length === 0) {
        const hint = { key: 'map.cut.none', values: { code: parcel.code } }
        return { sketch: { others: openPolygons(parcel.geometry) }, hint, choices: [] }
      }
      const edited = await context.preview.cutOut(parcel, 'parcel')
      const lost = checked.overlaps.reduce((sum, overlap) => sum + overlap.area_m2, 0)
      return {
        sketch: { others: openPolygons(parcel.geometry), parts: shapesOf(edited) },
        hint: {
          key: 'map.cut.hint',
          values: {
            code: parcel.code,
            area: lost.toFixed(2),
            others: checked.overlaps
              .slice(0, 3)
              .map(overlap => overlap.code)
              .join('、'),
            count: checked.overlaps.length,
          },
        },
        choices: [
          { words: { key: 'map.cut.own' }, run: () => context.cutOut(parcel, 'parcel') },
          { words: { key: 'map.cut.neighbours' }, run: () => context.cutOut(parcel, 'neighbours') },
        ],
      }
    },
  })
}
