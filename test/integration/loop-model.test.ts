/**
 * Random people do random things to listed enterprises: take steps in any order, write states and records directly, take
 * proof away, undo, redo, let time pass. Whatever they try, no entry is ever in a state that §11.4 forbids, and what the
 * application counts is what a counter of its own finds. The oracle below shares nothing with the code under test.
 */

import { createRouterClient } from '@orpc/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ServiceDeps } from '../../service/deps.ts'
import { countedEvents } from '../../service/loop/count-repo.ts'
import { runDueSteps, takeStep } from '../../service/loop/steps.ts'
import { editsMethods } from '../../service/records/records-methods.ts'
import { countTotals } from '../../shared/rules/closed-loop/counting.ts'
import {
  acceptanceEvidence,
  agree,
  figures,
  fileEvidence,
  type LoopRole,
  type LoopWorld,
  openLoopWorld,
  PUBLISHED,
  photo,
  planEvidence,
  workEvidence,
} from '../support/loop-world.ts'

/** §11.4 as a table of its own: who may lead from where to where. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'S0 S1': ['township'],
  'S1 S2': ['township'],
  'S1 SX': ['manager'],
  'S2 SX': ['manager'],
  'S2 S3': ['manager'],
  'S3 S4': ['township'],
  'S4 S3': ['manager', 'department'],
  'S4 S5': ['manager', 'department'],
  'S5 S6': ['township'],
  'S6 S5': ['manager', 'department'],
  'S6 S7': ['manager', 'department'],
  'S7 S8': ['system'],
  'S8 S7': ['manager'],
  'S8 S5': ['manager'],
  ...Object.fromEntries([...'012345678'].map(digit => [`S${digit} S9`, ['manager']])),
}
const STATES = ['S0', 'S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9', 'SX'] as const
const STEPS = [
  'start',
  'file',
  'list',
  'submit',
  'return',
  'approve',
  'finish',
  'rework',
  'close',
  'stable',
  'rebound',
  'exclude',
  'remove',
]
const ROLES = ['inspector', 'clerk', 'township', 'department', 'manager', 'leader'] as const

interface Subject {
  id: string
  parcel: string
  entry: string
  plan: string | null
}

interface World {
  loop: LoopWorld
  subjects: Subject[]
  undo(): Promise<void>
  redo(): Promise<void>
}

type Row = Record<string, string | number | null>
const rows = (world: World, sql: string, ...values: (string | number)[]): Row[] =>
  world.loop.store.read.prepare(sql).all(...values) as Row[]

/** Independent of the guard: reads the tables and says what is wrong. */
function violations(world: World): string[] {
  const wrong: string[] = []
  for (const { id, entry } of world.subjects) {
    const [row] = rows(world, 'SELECT * FROM list_entry WHERE id = ? AND deleted = 0', entry)
    if (!row) continue
    const steps = rows(world, 'SELECT * FROM state_change WHERE list_entry_id = ? AND deleted = 0 ORDER BY at', entry)
    let state = 'S0'
    for (const step of steps) {
      if (step['from_state'] !== state) wrong.push(`${id}: broken chain ${state} ≠ ${step['from_state']}`)
      state = String(step['to_state'])
      const who = step['role'] ?? 'system'
      if (!ALLOWED[`${step['from_state']} ${state}`]?.includes(String(who)))
        wrong.push(`${id}: ${step['from_state']} → ${state} by ${who}`)
      if (who !== 'system' && !step['author']) wrong.push(`${id}: step without author`)
    }
    if (row['state'] !== state) wrong.push(`${id}: in ${row['state']} after steps to ${state}`)
    const [shown] = rows(world, 'SELECT state FROM enterprise WHERE id = ?', id)
    if (shown!['state'] !== row['state']) wrong.push(`${id}: shows ${shown!['state']} in ${row['state']}`)
    const level = /^S[1-8]$/.test(state) ? Number(state[1]) : 0
    if (level >= 3 && !(row['listed_doc'] && row['list_year'] && row['batch']))
      wrong.push(`${id}: listed without document`)
    if (
      level >= 5 &&
      rows(world, "SELECT 1 FROM plan WHERE enterprise_id = ? AND deleted = 0 AND status = 'approved'", id).length === 0
    )
      wrong.push(`${id}: ${state} without approved plan`)
    if (level >= 7) {
      const passed = rows(
        world,
        `SELECT a.members, a.doc_no FROM acceptance a JOIN plan p ON p.id = a.plan_id AND p.deleted = 0
         WHERE p.enterprise_id = ? AND a.deleted = 0 AND a.conclusion = 'passed'`,
        id,
      ).filter(({ members, doc_no }) => {
        const departments = (JSON.parse(String(members ?? '[]')) as { department: string }[]).map(
          member => member.department,
        )
        return doc_no && new Set(departments).size >= 2
      })
      if (passed.length === 0) wrong.push(`${id}: ${state} without acceptance`)
      const scans = rows(
        world,
        "SELECT 1 FROM attachment WHERE owner_id = ? AND kind = 'joint_acceptance' AND deleted = 0",
        id,
      )
      if (scans.length === 0) wrong.push(`${id}: ${state} without scan`)
      const undone = rows(
        world,
        `SELECT 1 FROM measure m JOIN plan p ON p.id = m.plan_id AND p.status = 'approved' AND p.deleted = 0
         WHERE p.enterprise_id = ? AND m.deleted = 0 AND m.done_at IS NULL
           AND p.version = (SELECT max(version) FROM plan WHERE enterprise_id = p.enterprise_id AND status = 'approved' AND deleted = 0)`,
        id,
      )
      if (undone.length > 0) wrong.push(`${id}: ${state} with open measures`)
    }
  }
  return wrong
}

/** Closings less rebounds and removals, and the land of M10 and of acceptances, straight from the tables. */
function bruteForce(world: World): { enterprises: number; land: number } {
  let enterprises = 0
  let land = 0
  for (const { id, entry, parcel } of world.subjects) {
    if (rows(world, 'SELECT 1 FROM list_entry WHERE id = ? AND deleted = 0', entry).length === 0) continue
    const steps = rows(world, 'SELECT * FROM state_change WHERE list_entry_id = ? AND deleted = 0 ORDER BY at', entry)
    const area = Number(rows(world, 'SELECT area_m2 FROM parcel WHERE id = ?', parcel)[0]!['area_m2'])
    const lastBack = steps
      .filter(({ from_state, to_state }) => (from_state === 'S8' && to_state === 'S5') || to_state === 'S9')
      .at(-1)
    const closed = steps.filter(({ from_state, to_state }) => from_state === 'S6' && to_state === 'S7').at(-1)
    const isClosed = closed !== undefined && (lastBack === undefined || String(lastBack['at']) < String(closed['at']))
    if (isClosed) enterprises++
    const isApproved =
      rows(world, "SELECT 1 FROM plan WHERE enterprise_id = ? AND status = 'approved' AND deleted = 0", id).length > 0
    const reclaimed = rows(
      world,
      "SELECT accepted_on FROM reclamation WHERE parcel_id = ? AND deleted = 0 AND accepted_on IS NOT NULL AND acceptance_doc <> ''",
      parcel,
    ).some(
      ({ accepted_on }) =>
        lastBack === undefined ||
        (lastBack['to_state'] !== 'S9' && String(accepted_on) > String(lastBack['happened_on'])),
    )
    const hasM10 =
      rows(
        world,
        "SELECT 1 FROM measure m JOIN plan p ON p.id = m.plan_id AND p.status = 'approved' AND p.deleted = 0 WHERE p.enterprise_id = ? AND m.type = 'M10' AND m.deleted = 0",
        id,
      ).length > 0
    if (isClosed || (isApproved && reclaimed && hasM10)) land += area
  }
  return { enterprises, land }
}

class Act implements fc.AsyncCommand<object, World> {
  readonly #name: string
  readonly #run: (world: World) => Promise<unknown>
  constructor(name: string, run: (world: World) => Promise<unknown>) {
    this.#name = name
    this.#run = run
  }
  check = () => true
  async run(_model: object, world: World): Promise<void> {
    // What is refused is refused: only what stands afterwards is judged.
    await this.#run(world).catch(error => {
      if (!(error instanceof Error && 'code' in error)) throw error
    })
    expect(violations(world), this.#name).toEqual([])
    const totals = countTotals(countedEvents(world.loop.store.read), '2000-01-01', '2100-01-01')
    const own = bruteForce(world)
    expect(totals.enterprises, this.#name).toBe(own.enterprises)
    expect(totals.land_m2, this.#name).toBeCloseTo(own.land, 5)
  }
  toString(): string {
    return this.#name
  }
}

const subject = fc.integer({ min: 0, max: 1 })
const role = fc.constantFrom<LoopRole>(...ROLES)

/** What helps most entries on: the evidence that the state needs and the step of the one who may take it. */
async function advance(world: World, index: number): Promise<void> {
  const it = world.subjects[index]!
  const { loop } = world
  const state = String(rows(world, 'SELECT state FROM list_entry WHERE id = ?', it.entry)[0]?.['state'])
  const take = async (step: string, who: LoopRole, more: object = {}) => {
    loop.as(who)
    await takeStep(loop.store, { step, enterprise_ids: [it.id], ...more })
  }
  loop.as('manager')
  switch (state) {
    case 'S0':
      return take('start', 'township')
    case 'S1':
      if (rows(world, 'SELECT 1 FROM enterprise_year WHERE enterprise_id = ?', it.id).length === 0)
        await fileEvidence(loop, it.id)
      return take('file', 'township')
    case 'S2':
      loop.pass(20)
      return take('list', 'manager', { values: PUBLISHED })
    case 'S3':
      it.plan = await planEvidence(
        loop,
        it.id,
        [it.parcel],
        index === 0 ? 'UPGRADE' : 'EXIT_RECLAIM',
        index === 0 ? ['M6'] : ['M10'],
      )
      return take('submit', 'township')
    case 'S4':
      await agree(loop, it.plan!, 'JX')
      await agree(loop, it.plan!, 'ZG')
      return take('approve', 'manager')
    case 'S5':
      loop.pass(5)
      await workEvidence(loop, it.id, it.plan!, [it.parcel])
      return take('finish', 'township')
    case 'S6': {
      const area = Number(rows(world, 'SELECT area_m2 FROM parcel WHERE id = ?', it.parcel)[0]!['area_m2'])
      await acceptanceEvidence(loop, it.id, it.plan!, [{ parcel_id: it.parcel, area_m2: area }])
      return take('close', 'manager')
    }
    case 'S7':
      loop.pass(200)
      await runDueSteps(loop.store)
      return
    case 'S8': {
      const due = rows(
        world,
        'SELECT id FROM look_back WHERE list_entry_id = ? AND done_at IS NULL AND deleted = 0 ORDER BY due_date',
        it.entry,
      )[0]
      const result = Number(loop.today().slice(-1)) % 2 === 0 ? 'stable' : 'rebound'
      await photo(loop, it.id)
      await loop.store.mutate({ label: 'x' }, tx => {
        // Somebody may have taken the look-back away: then it is written anew.
        const id = due?.['id'] ?? tx.create('look_back', { list_entry_id: it.entry, due_date: loop.today() })
        tx.update('look_back', String(id), { done_at: loop.today(), result })
      })
      const year = Number(loop.today().slice(0, 4)) - 1
      if (rows(world, 'SELECT 1 FROM enterprise_year WHERE enterprise_id = ? AND year >= ?', it.id, year).length === 0)
        await figures(loop, it.id, year, { tax: 80, land_mu_actual: 10 })
      return take(result, 'manager', result === 'rebound' ? { reason: '反弹' } : {})
    }
    default:
  }
}

const TABLES = [
  'acceptance',
  'attachment',
  'measure',
  'milestone',
  'plan',
  'approval',
  'state_change',
  'list_entry',
  'compliance_check',
  'reclamation',
  'look_back',
  'survey_visit',
] as const

const commands = [
  ...Array.from({ length: 5 }, () => subject.map(index => new Act(`advance ${index}`, world => advance(world, index)))),
  fc.tuple(subject, role, fc.constantFrom(...STEPS)).map(
    ([index, who, step]) =>
      new Act(`${who} takes ${step} of ${index}`, async world => {
        world.loop.as(who, 'ZG')
        await takeStep(world.loop.store, {
          step,
          enterprise_ids: [world.subjects[index]!.id],
          reason: '试',
          values: step === 'remove' ? { doc_no: '文' } : {},
        })
      }),
  ),
  fc.tuple(subject, role, fc.constantFrom(...STATES)).map(
    ([index, who, state]) =>
      new Act(`${who} writes ${state} on ${index}`, async world => {
        world.loop.as(who, 'ZG')
        const { entry, id } = world.subjects[index]!
        await world.loop.store.mutate({ label: 'x' }, tx => tx.update('list_entry', entry, { state }))
        await world.loop.store.mutate({ label: 'x' }, tx => tx.update('enterprise', id, { state }))
      }),
  ),
  fc.tuple(subject, role, fc.constantFrom(...STATES), fc.constantFrom(...STATES)).map(
    ([index, who, from, to]) =>
      new Act(`${who} forges ${from} → ${to} of ${index}`, async world => {
        world.loop.as(who)
        const { entry } = world.subjects[index]!
        const at = world.loop.store.now().toISOString()
        await world.loop.store.mutate({ label: 'x' }, tx => {
          tx.update('list_entry', entry, { state: to })
          tx.create('state_change', {
            list_entry_id: entry,
            from_state: from,
            to_state: to,
            happened_on: at.slice(0, 10),
            at,
            role: who,
            author: '甲',
            reason: '试',
          })
        })
      }),
  ),
  fc.tuple(subject, role, fc.constantFrom(...TABLES), fc.nat()).map(
    ([index, who, table, pick]) =>
      new Act(`${who} removes a ${table} of ${index}`, async world => {
        world.loop.as(who)
        const found = rows(world, `SELECT id FROM ${table} WHERE deleted = 0 ORDER BY pk`)
        if (found.length === 0) return
        await world.loop.store.mutate({ label: 'x' }, tx => tx.remove(table, String(found[pick % found.length]!['id'])))
      }),
  ),
  fc
    .tuple(subject, fc.constantFrom(...STATES))
    .map(
      ([index, state]) =>
        new Act(`a second entry in ${state} for ${index}`, world =>
          world.loop.store.mutate({ label: 'x' }, tx =>
            tx.create('list_entry', { enterprise_id: world.subjects[index]!.id, state }),
          ),
        ),
    ),
  fc.constant(new Act('undo', world => world.undo())),
  fc.constant(new Act('redo', world => world.redo())),
  fc.constant(
    new Act('days pass', async world => {
      world.loop.pass(100)
      await runDueSteps(world.loop.store)
    }),
  ),
]

async function inWorld(work: (world: World) => Promise<void>): Promise<void> {
  const loop = openLoopWorld()
  try {
    const subjects = [await loop.enterprise('A', 'inside'), await loop.enterprise('B', 'outside')]
    const edits = createRouterClient(
      { edits: editsMethods({ store: () => loop.store } as ServiceDeps) },
      { context: {} },
    ).edits
    await work({
      loop,
      subjects: subjects.map(made => ({ ...made, plan: null })),
      undo: async () => void (await edits.undo()),
      redo: async () => void (await edits.redo()),
    })
  } finally {
    loop.close()
  }
}

test('the actions below reach every state of the loop', () =>
  inWorld(async world => {
    for (let step = 0; step < 8; step++) await new Act('advance', it => advance(it, 1)).run({}, world)
    world.loop.as('manager')
    const remove = { step: 'remove', enterprise_ids: [world.subjects[1]!.id], reason: '试', values: { doc_no: '文' } }
    await takeStep(world.loop.store, remove)
    const reached = rows(world, 'SELECT to_state FROM state_change ORDER BY pk').map(row => row['to_state'])
    expect(reached).toEqual(['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S9'])
    expect(violations(world)).toEqual([])
  }))

test('no sequence of actions by any roles reaches a forbidden state, and the totals are those of an independent counter', async () => {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), drawn =>
      inWorld(world => fc.asyncModelRun(() => ({ model: {}, real: world }), drawn)),
    ),
    { numRuns: 25 },
  )
}, 120_000)
