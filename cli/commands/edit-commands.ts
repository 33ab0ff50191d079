/** `split parcel` and `merge parcel`: the map's edits of outlines for scripts; each one step of undo. */
import { text, UsageError } from '../arguments.ts'
import { type Command, flag, value } from './command.ts'

export const editCommands: readonly Command[] = [
  {
    words: ['split'],
    usage: 'split parcel 编号 --boundary [--dry-run] [--reason 理由]',
    help: '按开发边界分割跨界地块(编号-1 界内，编号-2 界外)',
    options: { boundary: flag('按启用的开发边界分割'), 'dry-run': flag('只计算，不写入'), reason: value('理由') },
    async run({ client }, words, options) {
      const code = codesOf(words, 1)[0]!
      if (!options['boundary']) throw new UsageError('请写明 --boundary')
      const { record } = await client.parcels.detail({ code })
      const { edit, parcels, removed } = await client.parcels.splitAtBoundary({
        id: String(record['id']),
        base_rev: Number(record['rev']),
        dry_run: options['dry-run'] === true,
        reason: text(options, 'reason'),
      })
      return { edit, parcels: parcels.map(({ geometry: _geometry, ...parcel }) => parcel), removed }
    },
  },
  {
    words: ['merge'],
    usage: 'merge parcel 编号 编号… [--dry-run] [--reason 理由]',
    help: '合并地块，保留第一个的编号和属性',
    options: { 'dry-run': flag('只计算，不写入'), reason: value('理由') },
    async run({ client }, words, options) {
      const codes = codesOf(words, 2)
      const chosen = await Promise.all(codes.map(code => client.parcels.detail({ code })))
      const { edit, parcels, removed } = await client.parcels.merge({
        parcels: chosen.map(({ record }) => ({ id: String(record['id']), base_rev: Number(record['rev']) })),
        dry_run: options['dry-run'] === true,
        reason: text(options, 'reason'),
      })
      return { edit, parcels: parcels.map(({ geometry: _geometry, ...parcel }) => parcel), removed }
    },
  },
]

/** Codes after the word `parcel`, at least so many. */
function codesOf([kind, ...codes]: readonly string[], least: number): readonly string[] {
  if (kind !== 'parcel') throw new UsageError('对象应为 parcel')
  if (codes.length < least) throw new UsageError(least > 1 ? '至少要两个地块编号' : '缺少地块编号')
  return codes
}
