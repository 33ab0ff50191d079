/** Foot of an editor of versioned data: name and reason of the next version, try it, drop it, save it. */
import { Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useNotify } from '../app/notify.ts'

interface VersionBarProps {
  /** What the fields hold; an empty name means the one that is proposed. */
  name: string
  reason: string
  proposedName: string
  nameLabel: string
  /** Number that the saved version gets. */
  next: number
  isChanged: boolean
  isReadOnly: boolean
  isBusy: boolean
  onName: (name: string) => void
  onReason: (reason: string) => void
  onTry: () => Promise<void>
  onDrop: () => void
  onSave: () => Promise<void>
}

export function VersionBar(props: Readonly<VersionBarProps>) {
  const { isChanged, isReadOnly, isBusy } = props
  const { t } = useTranslation()
  const notify = useNotify()
  return (
    <div className="rules-save">
      <Input
        className="filter-text"
        value={props.name}
        placeholder={props.proposedName}
        maxLength={200}
        aria-label={props.nameLabel}
        onChange={event => props.onName(event.target.value)}
      />
      <Input
        className="rules-reason"
        value={props.reason}
        maxLength={1000}
        placeholder={t('identify.version_reason')}
        aria-label={t('identify.version_reason')}
        onChange={event => props.onReason(event.target.value)}
      />
      <Button disabled={isBusy || !isChanged} onClick={() => void props.onTry().catch(notify.error)}>
        {t('identify.try')}
      </Button>
      <Button disabled={!isChanged} onClick={props.onDrop}>
        {t('identify.drop')}
      </Button>
      <Button
        type="primary"
        disabled={!isChanged || isReadOnly || isBusy}
        title={isReadOnly ? t('reason.role_procedure') : isChanged ? undefined : t('identify.no_change')}
        onClick={() => void props.onSave().catch(notify.error)}
      >
        {t('identify.save', { version: props.next })}
      </Button>
    </div>
  )
}
