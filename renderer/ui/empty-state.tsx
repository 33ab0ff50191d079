/** What an empty list says: what to do first, with one button. */
import { Button } from 'antd'
import type { ReactNode } from 'react'

export function EmptyState({
  text,
  action,
  onAction,
  children,
}: Readonly<{ text: string; action?: string; onAction?: () => void; children?: ReactNode }>) {
  return (
    <div className="empty">
      <div>{text}</div>
      {action && (
        <Button type="primary" onClick={onAction}>
          {action}
        </Button>
      )}
      {children}
    </div>
  )
}
