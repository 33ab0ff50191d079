/** The window itself: everything but the first picture of the map. */
import { createRoot } from 'react-dom/client'
import { Application } from './application.tsx'
import type { Connection } from './connection.ts'
import { titleCutTexts } from './cut-text.ts'
import { startI18n } from './i18n/i18n.ts'

// Almost everybody starts on the map: its code is fetched and compiled while the frame is built.
void import('../features/workbench/workbench-page.tsx')

export function openWindow(connection: Connection): void {
  startI18n()
  titleCutTexts(document)
  createRoot(document.getElementById('root')!).render(<Application connection={connection} />)
}
