/** The frame of the window: rail on the left, work in the middle, record on the right, status line below. */
import { Alert, Button, Space } from 'antd'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePhotos } from '../features/photos/photo-store.ts'
import { discardEarlyMap } from '../map/early-map.ts'
import { CommandPalette } from './commands/command-palette.tsx'
import { ShortcutList } from './commands/shortcut-list.tsx'
import { useCommands, useShortcuts } from './commands/use-commands.ts'
import { useMenu } from './commands/use-menu.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { FileDrop } from './file-drop.tsx'
import { useNotify } from './notify.ts'
import { Rail } from './rail.tsx'
import { SearchBox } from './search-box.tsx'
import { useService } from './service-context.ts'
import { StatusLine } from './status-line.tsx'
import { followAddress, setUi, useUi } from './ui-store.ts'
import { useEvents, useSurvey } from './use-survey.ts'

const pages = {
  map: lazy(async () => ({ default: (await import('../features/workbench/workbench-page.tsx')).WorkbenchPage })),
  todo: lazy(async () => ({ default: (await import('../features/todo/todo-page.tsx')).TodoPage })),
  enterprises: lazy(async () => ({
    default: (await import('../features/enterprises/enterprises-page.tsx')).EnterprisesPage,
  })),
  identify: lazy(async () => ({ default: (await import('../features/identify/identify-page.tsx')).IdentifyPage })),
  plans: lazy(async () => ({ default: (await import('../features/plans/plans-page.tsx')).PlansPage })),
  loop: lazy(async () => ({ default: (await import('../features/loop/loop-page.tsx')).LoopPage })),
  books: lazy(async () => ({ default: (await import('../features/loop/books-page.tsx')).BooksPage })),
  zones: lazy(async () => ({ default: (await import('../features/zones/zones-page.tsx')).ZonesPage })),
  boundaries: lazy(async () => ({
    default: (await import('../features/boundaries/boundaries-page.tsx')).BoundariesPage,
  })),
  data: lazy(async () => ({ default: (await import('../features/imports/data-page.tsx')).DataPage })),
  reports: lazy(async () => ({ default: (await import('../features/reports/reports-page.tsx')).ReportsPage })),
  dashboard: lazy(async () => ({ default: (await import('../features/dashboard/dashboard-page.tsx')).DashboardPage })),
  sync: lazy(async () => ({ default: (await import('../features/sync/sync-page.tsx')).SyncPage })),
  settings: lazy(async () => ({ default: (await import('../features/settings/settings-page.tsx')).SettingsPage })),
}

/** What most starts do not show is fetched when it is first shown. */
const RecordPanel = lazy(async () => ({
  default: (await import('../features/record-panel/record-panel.tsx')).RecordPanel,
}))
const PhotoDesk = lazy(async () => ({ default: (await import('../features/photos/photo-desk.tsx')).PhotoDesk }))
const PhotoViewer = lazy(async () => ({ default: (await import('../features/photos/photo-viewer.tsx')).PhotoViewer }))

export function Frame() {
  useEvents()
  useFirstStart()
  useRestartNotice()
  const commands = useCommands()
  useShortcuts(commands)
  useMenu(commands)
  useEffect(followAddress, [])
  const page = useUi(state => state.page)
  useEffect(() => {
    if (page !== 'map') discardEarlyMap()
  }, [page])
  const selection = useUi(state => state.selection)
  const panelWidth = useUi(state => state.panelWidth)
  const importing = useUi(state => state.importing)
  const deskOpen = usePhotos(state => state.deskOpen)
  const viewing = usePhotos(state => state.viewing !== null)
  const Page = pages[page]
  const selectedOn = useUi(state => state.selectedOn)
  const showPanel =
    (selection?.entity === 'parcel' || selection?.entity === 'enterprise') &&
    (page === 'map' || page === 'enterprises' || page === selectedOn)
  return (
    <div className="frame">
      <Rail />
      <div className="frame-main">
        <header className="frame-top">
          <SearchBox />
          <UndoButtons commands={commands} />
        </header>
        <DemoStrip />
        <div className="frame-work">
          <main className="frame-page">
            <ErrorBoundary key={page}>
              <Suspense fallback={<div className="page-skeleton" />}>{page !== 'data' && <Page />}</Suspense>
            </ErrorBoundary>
            {(page === 'data' || importing) && (
              <div className="page-kept" hidden={page !== 'data'}>
                <ErrorBoundary>
                  <Suspense fallback={<div className="page-skeleton" />}>
                    <pages.data />
                  </Suspense>
                </ErrorBoundary>
              </div>
            )}
            <Suspense>
              {deskOpen && <PhotoDesk />}
              {viewing && <PhotoViewer />}
            </Suspense>
          </main>
          {showPanel && (
            <aside className="frame-panel" style={{ width: panelWidth }}>
              <Suspense>
                <RecordPanel />
              </Suspense>
            </aside>
          )}
        </div>
        <StatusLine />
      </div>
      <CommandPalette commands={commands} />
      <ShortcutList commands={commands} />
      <FileDrop />
    </div>
  )
}

function UndoButtons({ commands }: Readonly<{ commands: ReturnType<typeof useCommands> }>) {
  const { t } = useTranslation()
  const notify = useNotify()
  return (
    <Space size={2}>
      {['undo', 'redo'].map(id => {
        const command = commands.find(candidate => candidate.id === id)!
        return (
          <Button
            key={id}
            type="text"
            disabled={Boolean(command.disabled)}
            title={command.disabled ? t(`disabled.${command.disabled}`) : command.title}
            onClick={() => void Promise.resolve(command.run()).catch(notify.error)}
          >
            {t(`command.${id}`)}
          </Button>
        )
      })}
    </Space>
  )
}

/** A computer that has no survey yet starts with the demo; one that has opens the last one. */
function useFirstStart(): void {
  const { client } = useService()
  const survey = useSurvey()
  const notify = useNotify()
  const open = survey?.open
  useEffect(() => {
    if (open !== false) return
    const start = async (): Promise<void> => {
      const [last] = await client.survey.recent()
      if (last?.exists) await client.survey.open({ file: last.file })
      else await client.survey.openDemo({ fresh: false })
    }
    start().catch(error => {
      notify.error(error)
      setUi({ page: 'settings' })
    })
  }, [open, client, notify])
}

function useRestartNotice(): void {
  const { connection, generation } = useService()
  const notify = useNotify()
  const { t } = useTranslation()
  useEffect(() => {
    if (generation < 2 || connection.state() !== 'restarted') return
    notify.info(t('connection.restarted'))
    connection.acknowledge()
  }, [generation, connection, notify, t])
}

const STRIP_KEY = 'demo-strip-dismissed'

function DemoStrip() {
  const { t } = useTranslation()
  const survey = useSurvey()
  const [dismissed, setDismissed] = useState(() => localStorage.getItem(STRIP_KEY) === 'yes')
  if (!survey?.demo || dismissed) return null
  const dismiss = (): void => {
    localStorage.setItem(STRIP_KEY, 'yes')
    setDismissed(true)
  }
  return (
    <Alert
      banner
      type="info"
      showIcon={false}
      className="demo-strip"
      title={t('welcome.strip')}
      action={
        <Space size={4}>
          <Button onClick={() => setUi({ page: 'map', tool: 'draw' })}>{t('welcome.draw')}</Button>
          <Button onClick={() => setUi({ page: 'data' })}>{t('welcome.import')}</Button>
          <Button onClick={() => setUi({ page: 'settings' })}>{t('welcome.create')}</Button>
          <Button type="text" onClick={dismiss}>
            {t('welcome.dismiss')}
          </Button>
        </Space>
      }
    />
  )
}
