/** Enrolment by a one-time code: with a new empty survey that the hub fills, or with the survey that is open. */
import { Alert, Button, Input, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurveyFiles } from '../../app/survey-files.ts'
import { useSurvey } from '../../app/use-survey.ts'

/** As service/survey/device-settings.ts begins. */
const DEFAULT_USER = '本机用户'

interface EnrolFormProps {
  hub: string | null
  /** Enrolled before: then only the open survey is meant. */
  again: boolean
  onDone: () => void
}

export function EnrolForm({ hub, again, onDone }: Readonly<EnrolFormProps>) {
  const { t } = useTranslation()
  const { client } = useService()
  const { create } = useSurveyFiles()
  const notify = useNotify()
  const survey = useSurvey()
  const [address, setAddress] = useState(hub ?? '')
  const [code, setCode] = useState('')
  const [user, setUser] = useState<string | null>(null)
  const [chosen, setChosen] = useState<'empty' | 'open' | null>(null)
  const [busy, setBusy] = useState(false)
  const parcels = survey?.counts.parcels ?? 0
  // What lies in the open survey would go to everybody: only the county's first laptop wants that.
  const isAsked = !again && parcels > 0
  const which = isAsked ? (chosen ?? (survey?.demo ? 'empty' : 'open')) : 'open'
  const known = survey?.profile.user ?? ''
  // The name that every computer begins with tells nobody whose change it is.
  const name = (user ?? (known === DEFAULT_USER ? '' : known)).trim()
  const enrol = async (): Promise<void> => {
    setBusy(true)
    try {
      if (survey && name !== known) {
        const { device: _, ...profile } = survey.profile
        await client.survey.setProfile({ ...profile, user: name })
      }
      if (which === 'empty') {
        const before = (await client.survey.info()).file
        await create(t('sync.empty_name'), 'blank')
        // No place for it was chosen: nothing has happened yet.
        if ((await client.survey.info()).file === before) return
      }
      await client.sync.enroll({ hub: address.trim(), code: code.trim() })
      notify.success(t('sync.enrolled'))
      onDone()
    } catch (error) {
      notify.error(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="card" data-testid="enroll-form">
      <h2>{t('sync.enroll_title')}</h2>
      <p className="muted">{t('sync.enroll_hint')}</p>
      {isAsked && (
        <Radio.Group className="enrol-which" value={which} onChange={event => setChosen(event.target.value)}>
          <Radio value="empty">{t('sync.enroll_empty')}</Radio>
          <Radio value="open">
            {t('sync.enroll_open', { name: survey?.name ?? '', count: parcels.toLocaleString() })}
          </Radio>
        </Radio.Group>
      )}
      {isAsked && which === 'open' && survey?.demo && <Alert type="warning" showIcon title={t('sync.enroll_demo')} />}
      <div className="card-row">
        <Input
          className="sync-code"
          value={user ?? name}
          maxLength={40}
          placeholder={t('sync.your_name')}
          aria-label={t('sync.your_name')}
          onChange={event => setUser(event.target.value)}
        />
        <Input
          className="sync-address"
          value={address}
          placeholder="https://10.0.0.8:8787"
          aria-label={t('sync.address')}
          onChange={event => setAddress(event.target.value)}
        />
        <Input
          className="sync-code"
          value={code}
          placeholder="K7QF-2MXD-9RTA"
          aria-label={t('sync.enroll_code')}
          onChange={event => setCode(event.target.value)}
          onPressEnter={() => name !== '' && void enrol()}
        />
        <Button
          type="primary"
          loading={busy}
          disabled={name === '' || address.trim() === '' || code.trim().length < 4}
          onClick={() => void enrol()}
        >
          {t('sync.enroll')}
        </Button>
      </div>
    </section>
  )
}
