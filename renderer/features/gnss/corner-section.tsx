/** Setting corners by the receiver: how many fixes, of which quality, the button, and the questions. */
import { Button, Input, Modal, Progress, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LEAST_QUALITIES } from '../../../shared/gnss/averaging.ts'
import { setGnssUi, useGnssUi, wishCorner } from './gnss-ui.ts'
import { type CornerQuestion, useCorner } from './use-corner.ts'
import { accuracyWords, pointWords } from './words.ts'

const COUNTS = [1, 5, 10, 30, 60, 120]

export function CornerSection({ isUsable }: Readonly<{ isUsable: boolean }>) {
  const { t } = useTranslation()
  const count = useGnssUi(ui => ui.count)
  const least = useGnssUi(ui => ui.least)
  const { collecting, question, last, finish, giveUp } = useCorner()
  return (
    <>
      <div className="gnss-row">
        <Select
          size="small"
          aria-label={t('gnss.count')}
          value={count}
          onChange={value => setGnssUi({ count: value })}
          options={COUNTS.map(value => ({
            value,
            label: value === 1 ? t('gnss.count_one') : t('gnss.count_mean', { count: value }),
          }))}
        />
        <Select
          size="small"
          aria-label={t('gnss.least_label')}
          value={least}
          onChange={value => setGnssUi({ least: value })}
          options={LEAST_QUALITIES.map(value => ({ value, label: t(`gnss.least.${value}`) }))}
        />
      </div>
      {collecting ? (
        <div className="gnss-collecting" role="status">
          <Progress
            size="small"
            percent={Math.round((100 * collecting.taken) / collecting.wanted)}
            format={() => `${collecting.taken}/${collecting.wanted}`}
          />
          {collecting.soFar && collecting.taken > 1 && (
            <div className="numbers">
              {t('gnss.so_far', {
                spread: collecting.soFar.spreadM.toFixed(2),
                rejected: collecting.soFar.rejected,
                accuracy: accuracyWords(collecting.soFar.accuracyM, collecting.soFar.accuracyFrom),
              })}
            </div>
          )}
          {collecting.refused > 0 && <div className="muted">{t('gnss.refused', { count: collecting.refused })}</div>}
          <div className="gnss-row">
            <Button size="small" disabled={collecting.taken === 0} onClick={finish}>
              {t('gnss.enough')}
            </Button>
            <Button size="small" onClick={giveUp}>
              {t('action.cancel')}
            </Button>
          </div>
        </div>
      ) : (
        <Button
          size="small"
          type="primary"
          disabled={!isUsable}
          title={isUsable ? undefined : t('gnss.no_place')}
          onClick={wishCorner}
        >
          {t('gnss.corner_here')} (J)
        </Button>
      )}
      {last && !collecting && (
        <div className="muted" role="status" data-testid="gnss-last">
          {last}
        </div>
      )}
      {question && <Question key={question.point.time ?? ''} question={question} />}
    </>
  )
}

function Question({ question }: Readonly<{ question: CornerQuestion }>) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const { kind, corner, importedFrom, point } = question
  const values = { code: corner.code, vertex: corner.vertex, distance: corner.distanceM.toFixed(2) }
  return (
    <Modal
      open
      title={t(`gnss.ask.${kind}`, values)}
      onCancel={() => question.answer(null)}
      footer={[
        <Button key="cancel" onClick={() => question.answer(null)}>
          {t('action.cancel')}
        </Button>,
        <Button key="fix" danger={kind === 'move'} onClick={() => question.answer({ take: 'fix', reason })}>
          {t(`gnss.ask.${kind}_fix`)}
        </Button>,
        <Button
          key="stored"
          type="primary"
          ref={element => element?.focus()}
          onClick={() => question.answer({ take: 'stored', reason })}
        >
          {t(`gnss.ask.${kind}_stored`)}
        </Button>,
      ]}
    >
      <div data-testid="gnss-question" className="gnss-question">
        <p>{t('gnss.ask.distance', values)}</p>
        {importedFrom !== null && (
          <p className="gnss-warning">
            {importedFrom === '' ? t('gnss.ask.imported') : t('gnss.ask.imported_from', { file: importedFrom })}
          </p>
        )}
        <p className="muted">{pointWords(point)}</p>
        <Input
          value={reason}
          maxLength={200}
          placeholder={t('gnss.ask.reason')}
          aria-label={t('gnss.ask.reason')}
          onChange={event => setReason(event.target.value)}
        />
      </div>
    </Modal>
  )
}
