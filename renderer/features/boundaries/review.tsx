/** The review lists: parcels on the line, marks that disagree, sub-zones, farmland and red lines; the bureau's opinion is written here. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox, Pagination, Segmented, Skeleton } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { REVIEW_LISTS, type ReviewList, type ReviewRow } from '../../../shared/contract/boundary-review.ts'
import { errorMessage } from '../../app/errors.ts'
import { formatMu, formatNumber, formatPercent, wordList } from '../../app/format.ts'
import { term } from '../../app/i18n/i18n.ts'
import { useService } from '../../app/service-context.ts'
import { setUi } from '../../app/ui-store.ts'
import { useSurvey, useUnitNames } from '../../app/use-survey.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { RecordField } from '../../ui/record-field.tsx'
import { SideChip } from '../../ui/side-chip.tsx'
import { useFieldSaver } from '../record-panel/use-record.ts'

const PAGE_ROWS = 50

export function Review({ unit }: Readonly<{ unit: string | undefined }>) {
  const { t } = useTranslation()
  const { client } = useService()
  const survey = useSurvey()
  const [list, setList] = useState<ReviewList>('crossing')
  const [undecided, setUndecided] = useState(false)
  const [page, setPage] = useState(0)
  const query = { list, unit, undecided, offset: page * PAGE_ROWS, limit: PAGE_ROWS }
  const { data, error } = useQuery({
    queryKey: ['parcels', 'boundary-review', query],
    queryFn: () => client.boundaries.review(query),
    placeholderData: keepPreviousData,
  })
  if (error) return <Alert type="error" showIcon title={errorMessage(error)} />
  if (!data) return <Skeleton active className="page-pad" />
  return (
    <div className="boundary-pane">
      <div className="boundary-bar">
        <Segmented
          value={list}
          options={REVIEW_LISTS.map(value => ({
            value,
            label: `${t(`boundary.list.${value}`)} ${data.counts[value]?.toLocaleString() ?? ''}`,
          }))}
          onChange={value => {
            setList(value as ReviewList)
            setPage(0)
          }}
        />
        <Checkbox
          checked={undecided}
          onChange={event => {
            setUndecided(event.target.checked)
            setPage(0)
          }}
        >
          {t('boundary.undecided')}
        </Checkbox>
        <span className="muted ellipsis" title={t(`boundary.hint.${list}`)}>
          {t(`boundary.hint.${list}`)}
        </span>
      </div>
      {data.total === 0 ? (
        // Without a boundary nothing was judged, which is not the same as nothing to look through.
        <EmptyState
          text={t(survey?.boundary ? 'boundary.nothing' : 'boundary.none')}
          {...(survey?.boundary
            ? {}
            : {
                action: t('settings.import_boundary'),
                onAction: () => setUi({ page: 'data', importKind: 'boundary' }),
              })}
        />
      ) : (
        <div className="boundary-rows">
          <ReviewTable rows={data.rows} list={list} />
        </div>
      )}
      {data.total > PAGE_ROWS && (
        <Pagination
          size="small"
          current={page + 1}
          pageSize={PAGE_ROWS}
          total={data.total}
          showSizeChanger={false}
          onChange={next => setPage(next - 1)}
        />
      )}
    </div>
  )
}

function ReviewTable({ rows, list }: Readonly<{ rows: readonly ReviewRow[]; list: ReviewList }>) {
  const { t } = useTranslation()
  return (
    <table className="sheet boundary-sheet" data-testid="boundary-review">
      <thead>
        <tr>
          <th>{t('zone.parcel')}</th>
          <th>{t('table.filter_unit')}</th>
          <th className="numbers-right">{t('table.area')}</th>
          <th className="numbers-right">{t('boundary.in_mu')}</th>
          <th className="numbers-right">{t('boundary.out_mu')}</th>
          <th className="numbers-right">{t('boundary.share')}</th>
          <th>{t('boundary.computed')}</th>
          <th>{t('boundary.marked')}</th>
          {list === 'subzone' && <th>{t('boundary.subzones')}</th>}
          {list === 'constraint' && <th className="numbers-right">{t('boundary.farmland')}</th>}
          {list === 'constraint' && <th className="numbers-right">{t('boundary.eco')}</th>}
          <th>{t('boundary.opinion')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <ReviewLine key={row.id} row={row} list={list} />
        ))}
      </tbody>
    </table>
  )
}

function ReviewLine({ row, list }: Readonly<{ row: ReviewRow; list: ReviewList }>) {
  const { t } = useTranslation()
  const units = useUnitNames()
  const save = useFieldSaver('parcel', row.id, row.rev)
  const onMap = (): void =>
    setUi({
      page: 'map',
      selection: { entity: 'parcel', id: row.id },
      flyTo: { parcelId: row.id },
      tool: 'boundarySplit',
    })
  const unit = units.get(row.unit ?? '') ?? '—'
  const reason = row.side_mark_reason ? term('side_mark_reason', row.side_mark_reason) : ''
  return (
    <tr>
      <td>
        <button
          type="button"
          className="link-button"
          title={row.name ?? undefined}
          onClick={() =>
            setUi({ page: 'map', selection: { entity: 'parcel', id: row.id }, flyTo: { parcelId: row.id } })
          }
        >
          {row.code}
        </button>
      </td>
      <td className="ellipsis" title={unit}>
        {unit}
      </td>
      <td className="numbers-right">{formatMu(row.area_m2)}</td>
      <td className="numbers-right">{formatMu(row.area_in_m2)}</td>
      <td className="numbers-right">{formatMu(row.area_out_m2)}</td>
      <td className="numbers-right">{formatPercent(row.inside_share, 2)}</td>
      <td>
        <SideChip side={row.side} />
      </td>
      <td>
        {row.side_marked ? <SideChip side={row.side_marked} /> : '—'}
        {reason && (
          <span className="muted boundary-reason" title={row.side_mark_note ?? reason}>
            {reason}
          </span>
        )}
      </td>
      {list === 'subzone' && (
        <td className="boundary-several">{wordList(row.subzones.map(name => term('subzone', name)))}</td>
      )}
      {list === 'constraint' && (
        <td className={row.overlap_farmland_m2 ? 'numbers-right flag' : 'numbers-right'}>
          {formatNumber(row.overlap_farmland_m2)}
        </td>
      )}
      {list === 'constraint' && (
        <td className={row.overlap_eco_m2 ? 'numbers-right flag' : 'numbers-right'}>
          {formatNumber(row.overlap_eco_m2)}
        </td>
      )}
      <td className="boundary-opinion">
        <RecordField entity="parcel" field="boundary_opinion" value={row.boundary_opinion} save={save} />
      </td>
      <td className="boundary-actions">
        {row.side === 'crossing' && (
          <Button type="link" size="small" onClick={onMap}>
            {t('boundary.split')}
          </Button>
        )}
      </td>
    </tr>
  )
}
