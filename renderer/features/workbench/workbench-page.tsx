/** The inspector's main screen: the map, the parcel table below it, the record on the right. */
import { Button } from 'antd'
import { lazy, Suspense, useCallback, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { language, mapText } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { removeRecord } from '../../app/remove-record.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, uiState, useUi } from '../../app/ui-store.ts'
import { mapChanges, useSurvey } from '../../app/use-survey.ts'
import { useToolBlocks } from '../../app/use-tool-blocks.ts'
import type { MapCompare } from '../../map/map-port.ts'
import { MapWorkbench } from '../../map/map-workbench.tsx'
import { storedView, storeView } from '../../map/stored-view.ts'
import { FieldTools } from '../field/field-tools.tsx'
import { CompareBar } from '../viewing/compare-bar.tsx'
import { ViewTools } from '../viewing/view-tools.tsx'
import { DrawingForZone } from './drawing-for-zone.tsx'
import { EmptyMap } from './empty-map.tsx'
import { useMapFilter } from './use-map-filter.ts'
import { OverlapDeclined, useOutlineEdits } from './use-outline-edits.ts'

const ParcelTable = lazy(async () => ({ default: (await import('../parcels/parcel-table.tsx')).ParcelTable }))

export function WorkbenchPage() {
  const { t, i18n } = useTranslation()
  const { client, tileSource } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const selection = useUi(state => state.selection)
  const tool = useUi(state => state.tool)
  const theme = useUi(state => state.theme)
  const filter = useUi(state => state.filter)
  const flyTo = useUi(state => state.flyTo)
  const tableOpen = useUi(state => state.tableOpen)
  const previewKey = useUi(state => state.previewKey)
  const selectedId = selection?.entity === 'parcel' ? selection.id : null

  const blocks = useToolBlocks()
  const blockedTools = useMemo(
    () => Object.fromEntries(Object.entries(blocks).map(([name, why]) => [name, t(`disabled.${why}`)])),
    [blocks, t],
  )
  const onEdit = useOutlineEdits()
  const onProblem = useCallback(
    (error: unknown) => {
      if (!(error instanceof OverlapDeclined)) notify.error(error)
    },
    [notify],
  )
  const onDelete = useCallback(
    async (parcel: { id: string; code: string }) => {
      await removeRecord(client, 'parcel', parcel.id)
      setUi({ tool: 'select' })
      notify.info(t('parcel.deleted', { code: parcel.code }))
    },
    [client, notify, t],
  )
  const mapFilter = useMapFilter(filter)
  const [compare, setCompare] = useState<MapCompare | null>(null)

  const initialView = useMemo(() => {
    const stored = storedView()
    return stored?.file === survey?.file ? stored : null
  }, [survey?.file])

  if (!survey?.open) return <div className="page-skeleton" />
  return (
    <div className="workbench">
      <div className="workbench-map">
        <MapWorkbench
          key={survey.file}
          service={client}
          tileSource={tileSource}
          survey={survey.file}
          revision={survey.revision}
          changes={mapChanges}
          extent={survey.extent}
          boundaryId={survey.boundary?.id ?? null}
          units={survey.units}
          previewKey={previewKey}
          compare={compare}
          selectedId={selectedId}
          onSelect={id => setUi({ selection: id === null ? null : { entity: 'parcel', id } })}
          tool={tool}
          onToolChange={next => setUi({ tool: next })}
          canEdit={survey.profile.role !== 'leader'}
          blockedTools={blockedTools}
          theme={theme}
          onThemeChange={next => setUi({ theme: next })}
          filter={mapFilter}
          countFilter={filter}
          onFilterChange={next =>
            setUi({
              filter: {
                ...uiState().filter,
                sides: next?.sides as typeof filter.sides,
                states: next?.states as string[] | undefined,
                units: next?.units as string[] | undefined,
                classes: next?.classes as string[] | undefined,
                taxes: next?.taxes as string[] | undefined,
                years: next?.years as string[] | undefined,
                freed: next?.freed as string[] | undefined,
              },
            })
          }
          flyTo={flyTo}
          initialView={initialView}
          onEdit={onEdit}
          onDelete={onDelete}
          onPointer={pointer => setUi({ pointer })}
          onViewChange={view => {
            setUi({ view })
            storeView({ file: survey.file, centre: view.centre, zoom: view.zoom })
          }}
          onProblem={onProblem}
          language={i18n.language === 'en' ? 'en' : language()}
          t={mapText}
          reducedMotion={matchMedia('(prefers-reduced-motion: reduce)').matches}
        />
        <DrawingForZone />
        {survey.counts.parcels === 0 && tool === 'select' && <EmptyMap canEdit={survey.profile.role !== 'leader'} />}
        <FieldTools />
        <ViewTools file={survey.file} />
        <CompareBar onCompare={setCompare} />
        <div className="table-toggle">
          <Button onClick={() => setUi({ tableOpen: !tableOpen })}>
            {tableOpen ? t('table.hide') : t('table.show')}
          </Button>
        </div>
      </div>
      {tableOpen && (
        <div className="workbench-table">
          <Suspense>
            <ParcelTable />
          </Suspense>
        </div>
      )}
    </div>
  )
}
