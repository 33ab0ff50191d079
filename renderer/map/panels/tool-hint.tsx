/** What the tool in hand wants next, what is wrong with the outline, and its buttons. */
import type { MapTranslate } from '../map-port.ts'
import type { Sketch } from '../tools/sketch.ts'

export function ToolHint({ sketch, t }: Readonly<{ sketch: Sketch | null; t: MapTranslate }>) {
  if (!sketch || (!sketch.hint && sketch.warnings.length === 0)) return null
  return (
    <div className="map-panel map-hint" role="status">
      {sketch.hint && <span>{t(sketch.hint.key, sketch.hint.values)}</span>}
      {sketch.details.map(detail => (
        <b key={detail.key}>{t(detail.key, detail.values)}</b>
      ))}
      {sketch.warnings.map(warning => (
        <span key={`${warning.key}-${JSON.stringify(warning.values)}`} className="map-warning">
          {t(warning.key, warning.values)}
        </span>
      ))}
      {sketch.actions.length > 0 && (
        <span className="map-actions">
          {sketch.actions.map(action => (
            <button
              key={action.words.key}
              type="button"
              className={action.isDanger ? 'map-action map-action-danger' : 'map-action'}
              {...(action.isOn === undefined ? {} : { 'aria-pressed': action.isOn })}
              onClick={() => action.run()}
            >
              {t(action.words.key, action.words.values)}
            </button>
          ))}
        </span>
      )}
    </div>
  )
}
