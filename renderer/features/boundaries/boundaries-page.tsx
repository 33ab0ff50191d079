/** 开发边界: what has to be looked through, what another version would change, and the layers that there are. */
import './boundaries.css'
import { Select, Tabs } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSurvey } from '../../app/use-survey.ts'
import { Compare } from './compare.tsx'
import { Layers } from './layers.tsx'
import { Review } from './review.tsx'

const TABS = ['review', 'compare', 'layers'] as const
type Tab = (typeof TABS)[number]

export function BoundariesPage() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const [tab, setTab] = useState<Tab>('review')
  const [unit, setUnit] = useState<string | undefined>(survey?.profile.unit ?? undefined)
  if (!survey?.open) return null
  const panes = {
    review: <Review unit={unit} />,
    compare: <Compare onLayers={() => setTab('layers')} />,
    layers: <Layers />,
  }
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{t('page.boundaries')}</h1>
        {tab === 'review' && (
          <Select
            allowClear
            className="zone-unit"
            placeholder={t('zone.all_units')}
            value={unit}
            options={survey.units.map(({ code, name }) => ({ value: code, label: name }))}
            onChange={setUnit}
          />
        )}
        <span className="muted ellipsis">
          {survey.boundary ? `${survey.boundary.name} · ${survey.boundary.effective_date}` : t('boundary.none')}
        </span>
      </div>
      <Tabs
        className="boundary-tabs"
        size="small"
        activeKey={tab}
        onChange={key => setTab(key as Tab)}
        items={TABS.map(key => ({ key, label: t(`boundary.tab.${key}`), children: panes[key] }))}
      />
    </div>
  )
}
