/** Keeps a failing page from taking the window down; what was saved is in the file. */
import { Button, Result } from 'antd'
import { Component, type ErrorInfo, type ReactNode } from 'react'
import { t } from './i18n/i18n.ts'

interface State {
  failed: boolean
}

export class ErrorBoundary extends Component<Readonly<{ children: ReactNode }>, State> {
  override state: State = { failed: false }

  static getDerivedStateFromError(): State {
    return { failed: true }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error.name, info.componentStack)
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <Result
        status="warning"
        title={t('error.screen')}
        subTitle={t('error.internal')}
        extra={
          <Button type="primary" onClick={() => location.reload()}>
            {t('error.reload')}
          </Button>
        }
      />
    )
  }
}
