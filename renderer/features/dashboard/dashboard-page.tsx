/**
 * 挂图作战: one picture of what is owed and done, the same on the page, on the whole screen and as a file. Every number leads
 * to the records behind it, and from there to the map.
 */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Alert, Button, DatePicker, Segmented, Select } from 'antd'
import dayjs from 'dayjs'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Figure, TARGET_INDICATORS, type TargetIndicator } from '../../../shared/contract/dashboard.ts'
import { mayCall, type Person } from '../../../shared/rules/roles/roles.ts'
import { useEscape } from '../../app/escape.ts'
import { useFiles } from '../../app/files.ts'
import { language } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'
import { FigureList } from './figure-list.tsx'
import { TargetGrid } from './target-grid.tsx'
import { WallView } from './wall-view.tsx'
import './dashboard.css'

const WHOLE = 'whole'

export function DashboardPage() {
  const { t } = useTranslation()
  const { client, generation } = useService()
  const notify = useNotify()
  const files = useFiles()
  const survey = useSurvey()
  const [year, setYear] = useState<number | null | undefined>()
  const [to, setTo] = useState<string | undefined>()
  const [indicator, setIndicator] = useState<TargetIndicator>('enterprises')
  const [unit, setUnit] = useState<string | null>(null)
  const [opened, setOpened] = useState<{ figure: Figure; left: boolean } | null>(null)
  const [editing, setEditing] = useState(false)
  const [whole, setWhole, holder] = useWholeScreen()
  const job = useJob<{ files: string[]; seconds: number }>()
  const { data } = useQuery({
    queryKey: ['loop', 'dashboard', year, to, generation],
    queryFn: () => client.dashboard.figures({ year, to }),
    placeholderData: keepPreviousData,
    enabled: survey?.open === true,
  })
  const mayEdit = survey ? mayCall((survey.profile as Person).role, 'dashboard', 'saveTargets') : false
  const picture = async (): Promise<void> => {
    const name = t('dashboard.picture_name', { year: data?.year ?? t('dashboard.whole'), day: data?.as_of ?? '' })
    const file = await files.target(t('dashboard.picture'), `${name}.png`, [{ name: 'PNG', extensions: ['png'] }])
    if (file === null) return
    await job.start(signal =>
      client.dashboard.picture({ year, to, indicator, language: language(), width: 3840, file }, { signal }),
    )
  }
  useEscape(opened !== null && !whole, () => setOpened(null))
  if (!data) return <div className="page-skeleton" />
  const open = (figure: Figure, left: boolean): void => {
    setOpened({ figure, left })
    setUnit(figure.unit === '' ? null : figure.unit)
    const shown = TARGET_INDICATORS.find(name => name === figure.indicator)
    if (shown) setIndicator(shown)
  }
  return (
    <div className="page dashboard">
      <div className="page-head filter-row">
        <h1 className="page-title">{t('page.dashboard')}</h1>
        <Select
          value={data.year ?? WHOLE}
          aria-label={t('dashboard.period')}
          options={[
            ...data.years.map(value => ({ value, label: t('dashboard.year', { year: value }) })),
            { value: WHOLE, label: t('dashboard.whole') },
          ]}
          onChange={value => {
            setTo(undefined)
            setOpened(null)
            setYear(value === WHOLE ? null : Number(value))
          }}
        />
        <DatePicker
          className="dashboard-day"
          value={dayjs(data.as_of)}
          allowClear={to !== undefined}
          aria-label={t('dashboard.as_of')}
          title={t('dashboard.as_of')}
          onChange={day => {
            setOpened(null)
            setTo(day ? day.format('YYYY-MM-DD') : undefined)
          }}
        />
        <Segmented
          value={indicator}
          options={TARGET_INDICATORS.map(value => ({ value, label: t(`dashboard.indicator.${value}`) }))}
          onChange={setIndicator}
        />
        <span className="panel-gap" />
        <Button onClick={() => setEditing(!editing)}>{t(editing ? 'dashboard.back' : 'dashboard.targets')}</Button>
        <Button disabled={job.running} onClick={() => void picture().catch(notify.error)}>
          {t('dashboard.picture')}
        </Button>
        <Button type="primary" disabled={editing} onClick={() => setWhole(true)}>
          {t('dashboard.full_screen')}
        </Button>
      </div>
      {(job.running || job.result) && (
        <div className="dashboard-note">
          <Outcome job={job} />
        </div>
      )}
      {editing ? (
        <TargetGrid key={String(data.year)} year={data.year} mayEdit={mayEdit} />
      ) : (
        <>
          {!data.has_targets && (
            <Alert
              type="info"
              banner
              title={t('dashboard.no_targets', {
                period: data.year === null ? t('dashboard.whole') : t('dashboard.year', { year: data.year }),
              })}
              action={<Button onClick={() => setEditing(true)}>{t('dashboard.enter_targets')}</Button>}
            />
          )}
          <div
            ref={holder}
            className={whole ? 'dashboard-wall dashboard-whole' : 'dashboard-wall'}
            data-testid="dashboard-wall"
          >
            <WallView data={data} indicator={indicator} unit={unit} onOpen={open} />
            {opened && (
              <FigureList
                key={JSON.stringify(opened.figure)}
                figure={opened.figure}
                left={opened.left}
                onClose={() => setOpened(null)}
                onLeave={() => setWhole(false)}
              />
            )}
            {whole && (
              <Button className="dashboard-leave" size="small" onClick={() => setWhole(false)}>
                {t('dashboard.leave')}
              </Button>
            )}
          </div>
        </>
      )}
    </div>
  )
}

/** The whole screen where the system grants it, the whole window in any case; Escape leads back. */
function useWholeScreen() {
  const holder = useRef<HTMLDivElement>(null)
  const [whole, setState] = useState(false)
  const setWhole = useCallback((next: boolean): void => {
    setState(next)
    if (next) holder.current?.requestFullscreen().catch(() => undefined)
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined)
  }, [])
  useEffect(() => {
    if (!whole) return
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setWhole(false)
    }
    const onChange = (): void => {
      if (!document.fullscreenElement) setState(false)
    }
    addEventListener('keydown', onKey)
    document.addEventListener('fullscreenchange', onChange)
    return () => {
      removeEventListener('keydown', onKey)
      document.removeEventListener('fullscreenchange', onChange)
    }
  }, [whole, setWhole])
  return [whole, setWhole, holder] as const
}
