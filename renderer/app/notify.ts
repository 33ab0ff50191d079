/** Short notices over the window, from anywhere; errors say what happened and never vanish by themselves before being read. */
import { App } from 'antd'
import { useMemo } from 'react'
import { errorMessage, isCancelled } from './errors.ts'

export interface Notify {
  success(text: string): void
  info(text: string): void
  /** Shows an error in words; a cancelled call says nothing. */
  error(error: unknown): void
}

export function useNotify(): Notify {
  const { message } = App.useApp()
  return useMemo(
    () => ({
      success: text => void message.success(text, 2.5),
      info: text => void message.info(text, 4),
      error: error => {
        if (!isCancelled(error)) void message.error(errorMessage(error), 7)
      },
    }),
    [message],
  )
}
