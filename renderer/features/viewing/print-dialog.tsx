/** The present view as a printed sheet: choices on the left, on the right what will be on the paper. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, InputNumber, Modal, Segmented, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type MapSheetInput, SHEET_FORMATS, SHEET_LABELS, SHEET_PAPERS } from '../../../shared/contract/map-sheet.ts'
import { errorMessage } from '../../app/errors.ts'
import { useFiles } from '../../app/files.ts'
import { useNotify } from '../../app/notify.ts'
import { useService } from '../../app/service-context.ts'
import { setUi, uiState, useUi } from '../../app/ui-store.ts'
import { Outcome } from '../../ui/outcome.tsx'
import { useJob } from '../../ui/use-job.ts'
import { useZoneYear } from '../zones/use-zone-year.ts'

type Format = (typeof SHEET_FORMATS)[number]
type Choices = Pick<MapSheetInput, 'title' | 'paper' | 'orientation' | 'scale' | 'labels' | 'basemap'>

const SCALES = [500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000]

export function PrintDialog() {
  const isOpen = useUi(state => state.printOpen)
  const { t } = useTranslation()
  return (
    <Modal
      open={isOpen}
      title={t('viewing.print')}
      width={1000}
      footer={null}
      destroyOnHidden
      className="print-dialog"
      onCancel={() => setUi({ printOpen: false })}
    >
      <PrintForm />
    </Modal>
  )
}

function PrintForm() {
  const { t } = useTranslation()
  const { client } = useService()
  const files = useFiles()
  const notify = useNotify()
  const [year] = useZoneYear()
  // The sheet shows what the map shows when the dialog opens.
  const [{ view, theme, filter }] = useState(uiState)
  const [choices, setChoices] = useState<Choices>({
    paper: 'A4',
    orientation: 'landscape',
    labels: 'code',
    basemap: true,
  })
  const [hasZones, setHasZones] = useState(false)
  const [formats, setFormats] = useState<Format[]>(['pdf'])
  const job = useJob<{ files: string[]; seconds: number }>()
  const set = (change: Partial<Choices>): void => {
    job.reset()
    setChoices({ ...choices, ...change })
  }
  const input: MapSheetInput = {
    ...choices,
    theme,
    filter,
    box: view ? [...view.box] : undefined,
    zones: hasZones ? year : undefined,
  }
  const preview = useQuery({
    queryKey: ['parcels', 'sheet', input],
    queryFn: ({ signal }) => client.reports.mapPreview(input, { signal }),
    placeholderData: keepPreviousData,
  })
  const run = async (): Promise<void> => {
    const out = await files.folder(t('report.folder'))
    if (out === null) return
    await job.start(signal => client.reports.map({ ...input, out, formats }, { signal }))
  }
  const facts = preview.data
  return (
    <div className="print-columns">
      <div className="print-form">
        <div className="print-field">
          {t('viewing.sheet.title')}
          <Input
            aria-label={t('viewing.sheet.title')}
            autoFocus
            maxLength={60}
            placeholder={t('viewing.sheet.title_hint')}
            defaultValue={choices.title}
            onBlur={event => set({ title: event.target.value.trim() || undefined })}
            onPressEnter={event => {
              if (!event.nativeEvent.isComposing) set({ title: event.currentTarget.value.trim() || undefined })
            }}
          />
        </div>
        <div className="print-row">
          <Segmented
            aria-label={t('viewing.sheet.paper')}
            options={[...SHEET_PAPERS]}
            value={choices.paper}
            onChange={paper => set({ paper })}
          />
          <Segmented
            aria-label={t('viewing.sheet.orientation')}
            options={(['landscape', 'portrait'] as const).map(value => ({ value, label: t(`viewing.sheet.${value}`) }))}
            value={choices.orientation}
            onChange={orientation => set({ orientation })}
          />
        </div>
        <div className="print-field">
          {t('viewing.sheet.scale')}
          <span className="print-row">
            1:
            <InputNumber
              aria-label={t('viewing.sheet.scale')}
              min={100}
              max={5_000_000}
              precision={0}
              controls={false}
              placeholder={facts ? String(facts.scale) : ''}
              value={choices.scale ?? null}
              onChange={scale => set({ scale: scale ?? undefined })}
            />
            <Select
              aria-label={t('viewing.sheet.scale_choice')}
              value={choices.scale ?? 0}
              options={[
                { value: 0, label: t('viewing.sheet.scale_auto') },
                ...SCALES.map(value => ({ value, label: `1:${value.toLocaleString()}` })),
              ]}
              onChange={scale => set({ scale: scale || undefined })}
            />
          </span>
        </div>
        <div className="print-field">
          {t('viewing.sheet.labels')}
          <Select
            aria-label={t('viewing.sheet.labels')}
            value={choices.labels}
            options={SHEET_LABELS.map(value => ({ value, label: t(`viewing.sheet.label.${value}`) }))}
            onChange={labels => set({ labels })}
          />
        </div>
        <Checkbox
          checked={hasZones}
          onChange={event => {
            job.reset()
            setHasZones(event.target.checked)
          }}
        >
          {t('viewing.sheet.zones', { year })}
        </Checkbox>
        <Checkbox checked={choices.basemap} onChange={event => set({ basemap: event.target.checked })}>
          {t('viewing.sheet.basemap')}
        </Checkbox>
        <Checkbox.Group
          value={formats}
          options={SHEET_FORMATS.map(format => ({ value: format, label: format.toUpperCase() }))}
          onChange={values => setFormats(values as Format[])}
        />
        <Button
          type="primary"
          disabled={formats.length === 0 || job.running || preview.isError}
          onClick={() => void run().catch(notify.error)}
        >
          {t('viewing.sheet.make')}
        </Button>
        <Outcome job={job} />
      </div>
      <figure className="print-preview" aria-busy={preview.isFetching}>
        {facts && <img src={`data:image/png;base64,${facts.png}`} alt={t('viewing.sheet.preview')} />}
        <figcaption role="status">
          {preview.isError
            ? errorMessage(preview.error)
            : facts &&
              t('viewing.sheet.facts', {
                scale: facts.scale.toLocaleString(),
                parcels: facts.parcels,
                labels: facts.labels,
              })}
        </figcaption>
      </figure>
    </div>
  )
}
