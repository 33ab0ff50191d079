/** What the figures of a special record say by themselves: a suspicion of idle land with its grounds, promises not kept. */
import { Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../shared/model/entity.ts'
import { idleFee, idleReasons } from '../../../shared/rules/idle.ts'
import { standardShortfalls } from '../../../shared/rules/standard-land.ts'
import { clauses, formatNumber, today, UNKNOWN, wordList } from '../../app/format.ts'

export const isJudged = (entity: EntityName): boolean => entity === 'idle_case' || entity === 'standard_land'

export function Verdict({ entity, row }: Readonly<{ entity: EntityName; row: Readonly<Record<string, unknown>> }>) {
  return entity === 'idle_case' ? <Idle row={row} /> : <Promises row={row} />
}

/** The tests of 《闲置土地处置办法》: a suspicion and its grounds, never a finding. */
function Idle({ row }: Readonly<{ row: Readonly<Record<string, unknown>> }>) {
  const { t } = useTranslation()
  const day = today()
  const reasons = idleReasons(row, day)
  const fee = idleFee(row, day)
  if (reasons.length === 0) return <span className="muted">{t('loop.idle.none')}</span>
  return (
    <>
      <Tag color="warning">{t('loop.idle.suspected')}</Tag>
      <span>{clauses(reasons.map(reason => t(`loop.idle.${reason}`)))}</span>{' '}
      {fee !== null && <span className="muted numbers">{t('loop.idle.fee', { fee: formatNumber(fee) })}</span>}
    </>
  )
}

function Promises({ row }: Readonly<{ row: Readonly<Record<string, unknown>> }>) {
  const { t } = useTranslation()
  const short = standardShortfalls(row)
  if (!row['committed'] || !row['actual']) return <span className="muted">{UNKNOWN}</span>
  if (short.length === 0) return <span className="muted">{t('loop.promises_kept')}</span>
  return (
    <>
      <Tag color="warning">{t('loop.not_met')}</Tag>
      <span>{wordList(short.map(({ key }) => t(`loop.indicator.${key}`)))}</span>
    </>
  )
}
