/** Records of one kind that belong to a parcel, an enterprise or a list entry: a table, and the open one as a form below it. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Pagination } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ENTITIES, type EntityName, fieldOf } from '../../../shared/model/entity.ts'
import type { FieldTable } from '../../../shared/model/field.ts'
import { mayWriteRecord, type Person } from '../../../shared/rules/roles/roles.ts'
import { formatNumber, UNKNOWN, unitLabel } from '../../app/format.ts'
import { entityLabel, fieldLabel, term } from '../../app/i18n/i18n.ts'
import { useNotify } from '../../app/notify.ts'
import { tracked } from '../../app/save-state.ts'
import { useService } from '../../app/service-context.ts'
import { openRecord } from '../../app/ui-store.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { FilterText } from '../../ui/filter-text.tsx'
import { RecordField } from '../../ui/record-field.tsx'
import { RemoveRecord } from '../../ui/remove-record.tsx'
import { useFieldSaver } from '../record-panel/use-record.ts'
import { IndicatorPairs } from './indicator-pairs.tsx'
import { isJudged, Verdict } from './verdict.tsx'

type Row = Record<string, unknown>

const SHOWN = 200

export function RelatedRecords({
  entity,
  owner,
  columns,
  blank,
  canFind = false,
}: Readonly<{
  entity: EntityName
  /** The `ref` field and the record it points at; null lists all and adds nothing that needs an owner. */
  owner: { field: string; id: string } | null
  columns: readonly string[]
  /** Values of a new record besides its owner; null: none can be added here. */
  blank: Row | null
  canFind?: boolean
}>) {
  const { t } = useTranslation()
  const { client } = useService()
  const notify = useNotify()
  const survey = useSurvey()
  const barred = survey ? mayWriteRecord(survey.profile as Person, entity) : null
  const [openId, setOpenId] = useState<string | null>(null)
  const [text, setText] = useState('')
  const [page, setPage] = useState(1)
  const { data } = useQuery({
    queryKey: ['loop', 'related', entity, owner?.field, owner?.id, text, page],
    queryFn: () =>
      client.loop.related({
        entity,
        ...(owner ?? {}),
        ...(text ? { text } : {}),
        offset: (page - 1) * SHOWN,
        limit: SHOWN,
      }),
    placeholderData: keepPreviousData,
  })
  const add = async (): Promise<void> => {
    const values = { ...blank, ...(owner ? { [owner.field]: owner.id } : {}) }
    const { id } = await tracked(() => client.records.create({ entity, values }))
    setOpenId(id)
  }
  const open = data?.rows.find(row => row['id'] === openId)
  return (
    <div className="related" data-entity={entity}>
      {(canFind || blank) && (
        <div className="related-bar">
          {canFind && (
            <FilterText
              className="filter-text"
              value={text}
              label={t('loop.find')}
              onChange={next => {
                setPage(1)
                setText(next ?? '')
              }}
            />
          )}
          {canFind && <span className="muted numbers">{t('common.total', { count: data?.total ?? 0 })}</span>}
          <span className="panel-gap" />
          {blank && (
            <Button
              size="small"
              disabled={barred !== null}
              title={barred === null ? undefined : t(`reason.role_${barred}`)}
              onClick={() => void add().catch(notify.error)}
            >
              {t('loop.add', { what: entityLabel(entity) })}
            </Button>
          )}
        </div>
      )}
      {data && data.rows.length === 0 && (
        <div className="muted">{t('loop.no_records', { what: entityLabel(entity) })}</div>
      )}
      {data && data.rows.length > 0 && (
        <div className="sheet-scroll">
          <table className="sheet">
            <thead>
              <tr>
                {columns.map(column => (
                  <th key={column} className={alignment(entity, column)}>
                    {heading(entity, column)}
                  </th>
                ))}
                {isJudged(entity) && !owner && <th>{t('loop.computed')}</th>}
                <th />
              </tr>
            </thead>
            <tbody>
              {data.rows.map(row => (
                <tr key={String(row['id'])} className={row['id'] === openId ? 'row-selected' : undefined}>
                  {columns.map(column => (
                    <td key={column} className={alignment(entity, column)}>
                      {cell(entity, column, row[column], data.names)}
                    </td>
                  ))}
                  {isJudged(entity) && !owner && (
                    <td>
                      <Verdict entity={entity} row={row} />
                    </td>
                  )}
                  <td className="no-break">
                    <button
                      type="button"
                      className="link-button"
                      onClick={() => setOpenId(row['id'] === openId ? null : String(row['id']))}
                    >
                      {t(row['id'] === openId ? 'action.close' : 'loop.open')}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {/* A panel is too narrow for one more column. */}
      {isJudged(entity) &&
        owner &&
        data?.rows.map(row => (
          <div key={String(row['id'])} className="loop-line">
            <Verdict entity={entity} row={row} />
          </div>
        ))}
      {data && data.total > SHOWN && (
        <Pagination
          size="small"
          current={page}
          pageSize={SHOWN}
          total={data.total}
          showSizeChanger={false}
          onChange={setPage}
        />
      )}
      {open && <RelatedForm key={String(open['id'])} entity={entity} row={open} onRemoved={() => setOpenId(null)} />}
    </div>
  )
}

function RelatedForm({ entity, row }: Readonly<{ entity: EntityName; row: Row; onRemoved: () => void }>) {
  const id = String(row['id'])
  const save = useFieldSaver(entity, id, Number(row['rev']))
  const fields = Object.entries(ENTITIES[entity].fields as FieldTable).filter(
    // What proves a row is said by the ledger, not typed.
    ([name, field]) =>
      !field.derived && !name.startsWith('source_') && !['ref', 'json', 'geometry'].includes(field.kind),
  )
  return (
    <div className="loop-record">
      {fields.map(([name, field]) => (
        <RecordField
          key={name}
          entity={entity}
          field={name}
          value={row[name]}
          save={save}
          multiline={field.kind === 'text' && (field.maxLength ?? 0) >= 1000}
        />
      ))}
      {entity === 'standard_land' && <IndicatorPairs row={row} save={save} />}
      <RemoveRecord entity={entity} id={id} name={String(row['name'] ?? row['project_name'] ?? '')} />
    </div>
  )
}

const isNumber = (entity: EntityName, column: string): boolean =>
  ['real', 'integer'].includes(fieldOf(entity, column)?.kind ?? '')

/** A date broken over two lines reads as two. */
const alignment = (entity: EntityName, column: string): string | undefined =>
  isNumber(entity, column) ? 'numbers-right' : fieldOf(entity, column)?.kind === 'date' ? 'no-break' : undefined

function heading(entity: EntityName, column: string): string {
  const unit = unitLabel(fieldOf(entity, column)?.unit)
  const name = fieldLabel(entity, column)
  return unit ? `${name}(${unit})` : name
}

/** A value as a table shows it; what points at a parcel or an enterprise leads there. */
function cell(entity: EntityName, column: string, value: unknown, names: Readonly<Record<string, string>>) {
  const field = fieldOf(entity, column)
  if (value === null || value === undefined || value === '') return UNKNOWN
  if (field?.kind === 'ref') {
    const id = String(value)
    const name = names[id] ?? UNKNOWN
    if (field.ref !== 'parcel' && field.ref !== 'enterprise') return name
    const target = field.ref
    return (
      <button type="button" className="link-button" onClick={() => openRecord({ entity: target, id })}>
        {name}
      </button>
    )
  }
  if (field?.enumeration) return term(field.enumeration, String(value))
  if (field?.kind === 'real') return <span className="numbers">{formatNumber(Number(value), field.decimals)}</span>
  if (field?.kind === 'instant') return String(value).slice(0, 16).replace('T', ' ')
  return String(value)
}
