/** Entry of the window: connects to the service and mounts the application. */
import { createRoot } from 'react-dom/client'
import { Application } from './app/application.tsx'
import { connect } from './app/connection.ts'
import { startI18n } from './app/i18n/i18n.ts'

// Almost everybody starts on the map: its code is fetched and compiled while the frame is built.
void import('./features/workbench/workbench-page.tsx')
startI18n()
createRoot(document.getElementById('root')!).render(<Application connection={connect()} />)
