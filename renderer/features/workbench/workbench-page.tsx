/** The inspector's main screen: the map, the parcel table below it, the record on the right. */
import { App, Button } from 'antd'
import { useCallback, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Polygonal } from '../../../shared/contract/base.ts'
import { asServiceError } from '../../app/errors.ts'
import { language, mapText } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, uiState, useUi } from '../../app/ui-store.ts'
import { mapChanges, useSurvey } from '../../app/use-survey.ts'
import type { MapFilter } from '../../map/map-port.ts'
import { MapWorkbench } from '../../map/map-workbench.tsx'
import { ParcelTable } from '../parcels/parcel-table.tsx'

const VIEW_KEY = 'map-view'

export function WorkbenchPage() {
  const { t, i18n } = useTranslation()
  const { client, tileSource } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const { modal } = App.useApp()
  const selection = useUi(state => state.selection)
  const tool = useUi(state => state.tool)
  const theme = useUi(state => state.theme)
  const filter = useUi(state => state.filter)
  const flyTo = useUi(state => state.flyTo)
  const tableOpen = useUi(state => state.tableOpen)
  const previewKey = useUi(state => state.previewKey)
  const selectedId = selection?.entity === 'parcel' ? selection.id : null

  /** Saves an outline; an overlap is only kept when the person says so. */
  const saveOutline = useCallback(
    async (write: (allowOverlap: boolean) => Promise<{ id: string }>): Promise<{ id: string }> => {
      try {
        return await tracked(() => write(false))
      } catch (error) {
        const service = asServiceError(error)
        if (service?.data?.reason !== 'overlap') {
          notify.error(error)
          throw error
        }
        const confirmed = await modal.confirm({
          title: t('parcel.overlap_confirm', {
            code: service.data.values?.['code'] ?? '',
            area: service.data.values?.['area_m2'] ?? '',
          }),
          okText: t('parcel.overlap_save'),
          cancelText: t('action.cancel'),
        })
        if (!confirmed) throw error
        return tracked(() => write(true))
      }
    },
    [modal, notify, t],
  )
  const onDrawn = useCallback(
    async (geometry: Polygonal) => {
      const saved = await saveOutline(allow_overlap => client.parcels.create({ geometry, allow_overlap }))
      setUi({ tool: 'select', selection: { entity: 'parcel', id: saved.id } })
    },
    [client, saveOutline],
  )
  const onEdited = useCallback(
    async (parcel: { id: string; baseRev: number }, geometry: Polygonal) => {
      await saveOutline(allow_overlap =>
        client.parcels.setGeometry({ id: parcel.id, base_rev: parcel.baseRev, geometry, allow_overlap }),
      )
      setUi({ tool: 'select' })
    },
    [client, saveOutline],
  )
  const onDelete = useCallback(
    async (parcel: { id: string; code: string }) => {
      await tracked(() => client.records.remove({ entity: 'parcel', id: parcel.id }))
      if (uiState().selection?.id === parcel.id) setUi({ selection: null })
      setUi({ tool: 'select' })
      notify.info(t('parcel.deleted', { code: parcel.code }))
    },
    [client, notify, t],
  )
  const mapFilter = useMemo<MapFilter>(() => {
    const { sides, states, units, classes, taxes } = filter
    return [sides, states, units, classes, taxes].some(list => list?.length)
      ? {
          ...(sides?.length ? { sides } : {}),
          ...(states?.length ? { states } : {}),
          ...(units?.length ? { units } : {}),
          ...(classes?.length ? { classes } : {}),
          ...(taxes?.length ? { taxes } : {}),
        }
      : null
  }, [filter])

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
          selectedId={selectedId}
          onSelect={id => setUi({ selection: id === null ? null : { entity: 'parcel', id } })}
          tool={tool}
          onToolChange={next => setUi({ tool: next })}
          canEdit={survey.profile.role !== 'leader'}
          theme={theme}
          onThemeChange={next => setUi({ theme: next })}
          filter={mapFilter}
          onFilterChange={next =>
            setUi({
              filter: {
                ...uiState().filter,
                sides: next?.sides as typeof filter.sides,
                states: next?.states as string[] | undefined,
                units: next?.units as string[] | undefined,
                classes: next?.classes as string[] | undefined,
                taxes: next?.taxes as string[] | undefined,
              },
            })
          }
          flyTo={flyTo}
          initialView={storedView(survey.file)}
          onDrawn={onDrawn}
          onEdited={onEdited}
          onDelete={onDelete}
          onPointer={pointer => setUi({ pointer })}
          onViewChange={view => {
            setUi({ view })
            localStorage.setItem(VIEW_KEY, JSON.stringify({ file: survey.file, centre: view.centre, zoom: view.zoom }))
          }}
          onProblem={notify.error}
          language={i18n.language === 'en' ? 'en' : language()}
          t={mapText}
          reducedMotion={matchMedia('(prefers-reduced-motion: reduce)').matches}
        />
        <div className="table-toggle">
          <Button onClick={() => setUi({ tableOpen: !tableOpen })}>
            {tableOpen ? t('table.hide') : t('table.show')}
          </Button>
        </div>
      </div>
      {tableOpen && (
        <div className="workbench-table">
          <ParcelTable />
        </div>
      )}
    </div>
  )
}

/** Where the map stood when this survey was last open. */
function storedView(file: string): { centre: { lng: number; lat: number }; zoom: number } | null {
  try {
    const stored = JSON.parse(localStorage.getItem(VIEW_KEY) ?? 'null')
    return stored?.file === file ? stored : null
  } catch {
    return null
  }
}
