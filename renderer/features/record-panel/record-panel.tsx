/** The record on the right: the selected parcel or enterprise. */
import { flushAll } from '../../app/save-state.ts'
import { setUi, useUi } from '../../app/ui-store.ts'
import { EnterprisePanel } from './enterprise-panel.tsx'
import { ParcelPanel } from './parcel-panel.tsx'
import { ResizeHandle } from './resize-handle.tsx'

export function RecordPanel() {
  const selection = useUi(state => state.selection)
  const close = (): void => {
    flushAll()
    setUi({ selection: null })
  }
  return (
    <div className="record-panel">
      <ResizeHandle />
      {selection?.entity === 'parcel' && <ParcelPanel key={selection.id} id={selection.id} onClose={close} />}
      {selection?.entity === 'enterprise' && <EnterprisePanel key={selection.id} id={selection.id} onClose={close} />}
    </div>
  )
}
