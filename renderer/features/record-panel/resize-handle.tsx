/** The edge by which the record panel is made wider or narrower, by mouse or arrow keys. */
import { setUi, uiState } from '../../app/ui-store.ts'

const STEP_PX = 24

export function ResizeHandle() {
  const resize = (width: number): void =>
    setUi({ panelWidth: Math.round(Math.min(innerWidth * 0.5, Math.max(300, width))) })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be moved has no element of its own
    <div
      className="panel-edge"
      role="separator"
      aria-orientation="vertical"
      aria-valuenow={uiState().panelWidth}
      tabIndex={0}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={event => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(innerWidth - event.clientX)
      }}
      onKeyDown={event => {
        if (event.key === 'ArrowLeft') resize(uiState().panelWidth + STEP_PX)
        if (event.key === 'ArrowRight') resize(uiState().panelWidth - STEP_PX)
      }}
    />
  )
}
