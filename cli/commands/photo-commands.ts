/** `photos`: taking photos in and listing them. */
import { resolve } from 'node:path'
import { codesOf } from '../../shared/model/enumerations.ts'
import { text, UsageError } from '../arguments.ts'
import { follow, type Session } from '../session.ts'
import { type Command, value } from './command.ts'

async function ownerOf({ client }: Session, code: string | undefined) {
  if (code === undefined) return undefined
  const record = await client.records.get({ entity: 'parcel', code })
  return { entity: 'parcel' as const, id: String(record['id']) }
}

const stages = codesOf('photo_stage')

export const photoCommands: readonly Command[] = [
  {
    words: ['photos', 'add'],
    usage: 'photos add 文件… [--parcel 地块编号] [--stage before|during|after]',
    help: '存入照片，读取时间、位置和方向，并提出所属地块',
    options: { parcel: value('所属地块的编号'), stage: value('阶段:before、during、after') },
    async run(session, words, options) {
      if (words.length === 0) throw new UsageError('缺少文件')
      const stage = text(options, 'stage') as (typeof stages)[number] | undefined
      if (stage !== undefined && !stages.includes(stage)) throw new UsageError('--stage 应为 before、during 或 after')
      const owner = await ownerOf(session, text(options, 'parcel'))
      const files = words.map(file => resolve(file))
      const result = await follow(
        await session.client.attachments.add({ files, owner, stage }, { signal: session.signal }),
      )
      return { ...result }
    },
  },
  {
    words: ['photos', 'list'],
    usage: 'photos list [--parcel 地块编号]',
    help: '列出照片',
    options: { parcel: value('只列出这个地块的照片') },
    async run(session, _words, options) {
      const owner = await ownerOf(session, text(options, 'parcel'))
      const { rows, total } = await session.client.attachments.list({ owner, limit: 20_000 })
      return { total, photos: rows }
    },
  },
]
