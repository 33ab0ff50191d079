/** How the outline of a zone comes about, drawing it on the map, and a proposal for 四至. */
import { Button, Segmented } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ZoneSummary } from '../../../shared/contract/zones.ts'
import { fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { RoleButton } from '../../ui/role-button.tsx'

const METHODS = ['closed', 'hull', 'drawn'] as const

export function OutlineChoice({ zone, method }: Readonly<{ zone: ZoneSummary; method: string | null }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const draw = (): void =>
    setUi({
      page: 'map',
      tool: 'draw',
      drawingFor: { zoneId: zone.id, name: zone.name },
      filter: { zone_id: zone.id },
      ...(zone.box ? { flyTo: { box: zone.box } } : {}),
    })
  const choose = async (next: string): Promise<void> => {
    if (next === 'drawn') draw()
    else await tracked(() => client.zones.setOutline({ id: zone.id, method: next as 'closed' | 'hull' }))
  }
  const propose = async (): Promise<void> => {
    const { text } = await client.zones.bounds({ id: zone.id })
    await tracked(() =>
      client.records.update({ entity: 'zone', id: zone.id, base_rev: zone.rev, values: { sizhi: text } }),
    )
  }
  return (
    <div className="field-row">
      <span className="field-label">{fieldLabel('zone', 'outline_method')}</span>
      <div className="outline-choice">
        <Segmented
          size="small"
          disabled={zone.locked}
          value={method ?? 'closed'}
          options={METHODS.map(value => ({ value, label: term('outline_method', value) }))}
          onChange={value => void choose(String(value)).catch(notify.error)}
        />
        {method === 'drawn' && (
          <RoleButton calls="zones.setOutline" size="small" disabled={zone.locked} onClick={draw}>
            {t('zone.draw_again')}
          </RoleButton>
        )}
        <Button size="small" onClick={() => void propose().catch(notify.error)}>
          {t('zone.propose_bounds')}
        </Button>
      </div>
    </div>
  )
}
