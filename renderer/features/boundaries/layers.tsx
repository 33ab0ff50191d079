/** Versions of the boundary and the layers beside it: farmland, ecological red lines, barriers of zones. */
import { useQuery } from '@tanstack/react-query'
import { Button, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { BoundaryCard } from './boundary-card.tsx'

const KINDS = ['farmland', 'eco_redline', 'barrier'] as const

export function Layers() {
  const { t } = useTranslation()
  const { client } = useService()
  const { data } = useQuery({ queryKey: ['boundaries', 'layers'], queryFn: () => client.boundaries.layers() })
  return (
    <div className="boundary-cards">
      <BoundaryCard />
      {KINDS.map(kind => (
        <section key={kind} className="card">
          <h2>{term('boundary_kind', kind)}</h2>
          <p className="muted">{t(`boundary.layer_hint.${kind}`)}</p>
          {data
            ?.filter(layer => layer.kind === kind)
            .map(layer => (
              <div key={layer.id} className="made-file">
                <span className="ellipsis" title={layer.name}>
                  {layer.name}
                </span>
                {kind !== 'barrier' && (
                  <Tag color={layer.status === 'active' ? 'success' : 'default'}>
                    {term('boundary_status', layer.status)}
                  </Tag>
                )}
                <span className="muted no-break">
                  {layer.effective_date} · {t('settings.features', { count: layer.features })}
                </span>
              </div>
            ))}
          <div className="card-row">
            <Button onClick={() => setUi({ page: 'data', importKind: 'boundary' })}>
              {t('boundary.import_layer')}
            </Button>
          </div>
        </section>
      ))}
    </div>
  )
}
