/** 专项台账: freed land, reclamation, suspected idle land, standard land, small-enterprise parks, two-high projects, checks; each a table with its form. */
import { Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EntityName } from '../../../shared/model/entity.ts'
import { entityLabel } from '../../app/i18n/i18n.ts'
import { useSurvey } from '../../app/use-survey.ts'
import { CheckSummaryTable } from '../books/check-summary.tsx'
import { ExportRegister } from '../books/export-register.tsx'
import { FreedLedger } from '../freed/freed-ledger.tsx'
import { BOOK_COLUMNS } from './book-columns.ts'
import { RelatedRecords } from './related-records.tsx'
import './loop.css'

const BOOKS = [
  'reclamation',
  'idle_case',
  'standard_land',
  'small_park',
  'two_high',
  'compliance_check',
  'freed_land',
] as const

/** Which register prints a book. */
const REGISTER_OF = {
  reclamation: 'reclamation',
  idle_case: 'idle',
  standard_land: 'standard_land',
  small_park: 'small_park',
  two_high: 'two_high',
  compliance_check: 'compliance',
} as const

export function BooksPage() {
  const { t, i18n } = useTranslation()
  const [book, setBook] = useState<(typeof BOOKS)[number]>('reclamation')
  const unit = useSurvey()?.profile.unit ?? null
  const [exportUnit, setExportUnit] = useState<string | undefined>(unit ?? undefined)
  const blanks: Partial<Record<EntityName, Record<string, unknown>>> = {
    small_park: { name: t('loop.new_park'), unit },
    two_high: { project_name: t('loop.new_project'), unit },
  }
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{t('page.books')}</h1>
        <Segmented
          key={i18n.language}
          value={book}
          options={BOOKS.map(name => ({ value: name, label: entityLabel(name) }))}
          onChange={setBook}
        />
        <span className="panel-gap" />
        {book !== 'freed_land' && <ExportRegister kind={REGISTER_OF[book]} unit={exportUnit} onUnit={setExportUnit} />}
      </div>
      {book === 'freed_land' ? (
        <div className="page-body page-pad books-full">
          <FreedLedger />
        </div>
      ) : (
        <div className="page-body page-pad">
          {!blanks[book] && (
            <div className="muted">{t(book === 'compliance_check' ? 'books.from_enterprise' : 'loop.from_parcel')}</div>
          )}
          {book === 'compliance_check' && <CheckSummaryTable unit={exportUnit} />}
          <RelatedRecords
            key={book}
            entity={book}
            owner={null}
            columns={BOOK_COLUMNS[book]!}
            blank={blanks[book] ?? null}
            canFind
          />
        </div>
      )}
    </div>
  )
}
