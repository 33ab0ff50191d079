/** The root: theme and language of the components, the connection, and what to show until there is one. */
import { QueryClientProvider } from '@tanstack/react-query'
import { App as AntdApp, Button, ConfigProvider, Result, Spin } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from './connection.ts'
import { ErrorBoundary } from './error-boundary.tsx'
import { Frame } from './frame.tsx'
import { createQueries } from './queries.ts'
import { ServiceContext } from './service-context.ts'
import { themeConfig } from './theme.ts'

export function Application({ connection }: Readonly<{ connection: Connection }>) {
  const { i18n } = useTranslation()
  const english = i18n.language === 'en'
  useEffect(() => {
    dayjs.locale(english ? 'en' : 'zh-cn')
  }, [english])
  return (
    <ConfigProvider
      locale={english ? enUS : zhCN}
      theme={themeConfig}
      componentSize="small"
      button={{ autoInsertSpace: false }}
    >
      <AntdApp className="app-root">
        <ErrorBoundary>
          <Connected connection={connection} />
        </ErrorBoundary>
      </AntdApp>
    </ConfigProvider>
  )
}

function Connected({ connection }: Readonly<{ connection: Connection }>) {
  const { t } = useTranslation()
  const state = useSyncExternalStore(connection.subscribe, connection.state)
  const link = useSyncExternalStore(connection.subscribe, connection.link)
  const queries = useMemo(() => createQueries(), [])
  const service = useMemo(
    () => (link ? { ...link, desktop: connection.desktop, connection } : undefined),
    [link, connection],
  )
  if (state === 'failed') {
    return (
      <Result
        status="error"
        title={t('connection.failed')}
        subTitle={t('connection.failed_detail')}
        extra={
          <Button type="primary" onClick={() => connection.retry()}>
            {t('connection.retry')}
          </Button>
        }
      />
    )
  }
  if (!service) {
    return (
      <div className="app-waiting">
        <Spin description={t('connection.connecting')} />
      </div>
    )
  }
  return (
    <QueryClientProvider client={queries}>
      <ServiceContext.Provider value={service}>
        <Frame />
      </ServiceContext.Provider>
    </QueryClientProvider>
  )
}
