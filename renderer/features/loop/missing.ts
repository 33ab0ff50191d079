/** What a step lacks, in words, and the way to where it is put right. */
import i18next from 'i18next'
import type { LoopMissing } from '../../../shared/contract/loop.ts'
import { t, term } from '../../app/i18n/i18n.ts'
import { openRecord, setUi } from '../../app/ui-store.ts'

export function missingText({ key, values = {} }: LoopMissing): string {
  const words: Record<string, string | number> = { ...values }
  if (typeof words['type'] === 'string') words['type'] = term('measure_type', words['type'])
  if (typeof words['dimension'] === 'string') words['dimension'] = term('dimension', words['dimension'])
  if (typeof words['department'] === 'string') words['department'] = term('department', words['department'])
  if (i18next.exists(`loop.missing.${key}`)) return t(`loop.missing.${key}`, words)
  const ofPlan = `plan.missing.${key.replace(/^plan_/, '')}`
  return i18next.exists(ofPlan) ? t(ofPlan, words) : key
}

/** Opens the record or scrolls to the part of the closed-loop panel where a missing item is put right. */
export function jumpTo({ place }: LoopMissing, enterpriseId: string): void {
  switch (place.entity) {
    case 'plan':
      if (place.id) openRecord({ entity: 'plan', id: place.id }, 'plans')
      return
    case 'parcel':
      if (place.id) openRecord({ entity: 'parcel', id: place.id })
      else setUi({ selection: { entity: 'enterprise', id: enterpriseId }, panelTab: 'parcels' })
      return
    case 'enterprise':
      setUi({ selection: { entity: 'enterprise', id: enterpriseId }, panelTab: place.field ?? 'overview' })
      return
    default: {
      const name = place.entity === 'input' ? `input-${place.field ?? ''}` : place.entity
      const part = document.querySelector<HTMLElement>(`[data-field="loop-${name}"]`)
      part?.scrollIntoView({ block: 'center' })
      part?.querySelector<HTMLElement>('input, textarea, button, .ant-select')?.focus()
    }
  }
}
