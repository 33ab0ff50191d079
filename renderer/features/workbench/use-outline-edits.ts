/** Writes what the map's tools made: one call each, an overlap kept only when the person says so, the result selected. */
import { App } from 'antd'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Polygonal } from '../../../shared/contract/base.ts'
import { asServiceError } from '../../app/errors.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, uiState } from '../../app/ui-store.ts'
import type { MapEdit } from '../../map/map-port.ts'

export function useOutlineEdits(): (edit: MapEdit) => Promise<void> {
  const { client } = useService()
  const { modal } = App.useApp()
  const { t } = useTranslation()

  return useCallback(
    async (edit: MapEdit) => {
      const write = async (allow_overlap: boolean): Promise<string | undefined> => {
        switch (edit.kind) {
          case 'create': {
            const zone = uiState().drawingFor
            if (zone) return void (await drawZone(zone.zoneId, edit.geometry))
            const { geometry, reason } = edit
            return (await client.parcels.create({ geometry, allow_overlap, ...(reason ? { reason } : {}) })).id
          }
          case 'reshape':
            return (await client.parcels.reshape({ ...edit, allow_overlap })).parcels[0]?.id ?? undefined
          case 'split':
            return (await client.parcels.split(edit)).parcels[0]?.id ?? undefined
          case 'splitAtBoundary':
            return (await client.parcels.splitAtBoundary(edit)).parcels[0]?.id ?? undefined
          case 'merge':
            return (await client.parcels.merge(edit)).parcels[0]?.id ?? undefined
          case 'cutOut':
            await client.parcels.cutOut(edit)
            return edit.id
        }
      }
      const drawZone = async (id: string, geometry: Polygonal): Promise<void> => {
        await client.zones.setOutline({ id, method: 'drawn', geometry })
        setUi({ drawingFor: null, page: 'zones', selection: { entity: 'zone', id } })
      }
      const select = (id: string | undefined): void =>
        setUi({ tool: 'select', ...(id === undefined ? {} : { selection: { entity: 'parcel', id } }) })
      try {
        select(await tracked(() => write(false)))
      } catch (error) {
        const service = asServiceError(error)
        // The map tells the person; only this one is a question.
        if (service?.data?.reason !== 'overlap') throw error
        const confirmed = await modal.confirm({
          title: t('parcel.overlap_confirm', {
            code: service.data.values?.['code'] ?? '',
            area: service.data.values?.['area_m2'] ?? '',
          }),
          okText: t('parcel.overlap_save'),
          cancelText: t('action.cancel'),
        })
        if (!confirmed) throw new OverlapDeclined()
        select(await tracked(() => write(true)))
      }
    },
    [client, modal, t],
  )
}

/** The person went back to the drawing: nothing more to tell. */
export class OverlapDeclined extends Error {}
