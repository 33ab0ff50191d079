/**
 * A button that knows which procedure it calls: whoever's role may not call it sees it disabled, with the reason. The one way in
 * which roles reach the window; the service refuses all the same (`service/roles`).
 */
import { Button, type ButtonProps, ConfigProvider } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contract } from '../../shared/contract/contract.ts'
import { mayCall, type Role } from '../../shared/rules/roles/roles.ts'
import { useSurvey } from '../app/use-survey.ts'

/** `area.name` of the contract. */
export type ProcedureName = {
  [Area in keyof Contract & string]: `${Area}.${keyof Contract[Area] & string}`
}[keyof Contract & string]

/** Why the person may not call a procedure, in words; null when they may, and while nobody is known yet. */
export function useBarred(calls: ProcedureName): string | null {
  const { t } = useTranslation()
  const role = useSurvey()?.profile.role
  const [area, name] = calls.split('.') as [string, string]
  return role === undefined || mayCall(role as Role, area, name) ? null : t('reason.role_procedure')
}

export function RoleButton({ calls, disabled, title, ...rest }: ButtonProps & Readonly<{ calls: ProcedureName }>) {
  const barred = useBarred(calls)
  const why = barred ?? title
  return (
    <Button {...rest} disabled={barred !== null || disabled === true} {...(why === undefined ? {} : { title: why })} />
  )
}

/** The same for a whole form that writes by one procedure. */
export function RoleGate({ calls, children }: Readonly<{ calls: ProcedureName; children: ReactNode }>) {
  const barred = useBarred(calls)
  if (barred === null) return children
  return (
    <ConfigProvider componentDisabled>
      <div title={barred}>{children}</div>
    </ConfigProvider>
  )
}
