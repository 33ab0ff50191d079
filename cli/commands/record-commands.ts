/** `set`, `show` and `history`: one record. */
import { ENTITIES, type EntityName, isEntityName } from '../../shared/model/entity.ts'
import { pairs, text, UsageError } from '../arguments.ts'
import type { Client } from '../session.ts'
import { type Command, value } from './command.ts'

function entityOf(word: string | undefined): EntityName {
  if (word === undefined || !isEntityName(word))
    throw new UsageError(`对象应为 ${Object.keys(ENTITIES).join('、')} 之一`)
  return word
}

async function recordByCode(
  client: Client,
  entity: EntityName,
  code: string | undefined,
): Promise<Record<string, unknown>> {
  if (code === undefined) throw new UsageError('缺少编号')
  return client.records.get({ entity, code })
}

export const recordCommands: readonly Command[] = [
  {
    words: ['set'],
    usage: 'set 对象 编号 字段=值… [--reason 理由]',
    help: '修改一条记录(parcel、enterprise …)',
    options: { reason: value('理由') },
    async run({ client }, words, options) {
      const entity = entityOf(words[0])
      const record = await recordByCode(client, entity, words[1])
      if (words.length < 3) throw new UsageError('缺少 字段=值')
      const { side_marked: mark, ...values } = pairs(words.slice(2)) as Record<string, string | null>
      for (const [name, entry] of Object.entries(values)) if (entry === '') values[name] = null
      const reason = text(options, 'reason')
      const id = String(record['id'])
      let revision = Number(record['rev'])
      // A mark has its own rules (reason when it differs, author and time), whichever way it comes in.
      if (entity === 'parcel' && mark !== undefined) {
        const side = mark === '' ? null : mark
        const saved = await client.parcels.markSide({
          id,
          base_rev: revision,
          side: side as 'inside' | null,
          reason: reason === undefined ? null : 'other',
          note: reason ?? null,
        })
        revision = saved.rev
      } else if (mark !== undefined) values['side_marked'] = mark
      if (Object.keys(values).length > 0)
        revision = (await client.records.update({ entity, id, base_rev: revision, values, reason })).rev
      return { revision, id }
    },
  },
  {
    words: ['show'],
    usage: 'show parcel|enterprise|zone 编号',
    help: '显示一条记录',
    async run({ client }, words) {
      const [kind, code] = words
      if (code === undefined) throw new UsageError('缺少编号')
      if (kind === 'parcel') {
        const { record, enterprises, zones } = await client.parcels.detail({ code })
        return { ...record, enterprises, zones }
      }
      if (kind === 'enterprise') {
        const { record, years, parcels, plans } = await client.enterprises.detail({ code })
        return { ...record, years, parcels, plans }
      }
      if (kind === 'zone') {
        const { zone, record, members } = await client.zones.detail({ code })
        return { ...record, ...zone, members }
      }
      return recordByCode(client, entityOf(kind), code)
    },
  },
  {
    words: ['history'],
    usage: 'history 对象 编号',
    help: '显示一条记录的修改历史',
    async run({ client }, words) {
      const entity = entityOf(words[0])
      const record = await recordByCode(client, entity, words[1])
      return { changes: await client.records.history({ entity, id: String(record['id']) }) }
    },
  },
]
