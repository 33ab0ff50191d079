/** The first step of an import: what was recognised, and the questions only a person can answer. */
import { Alert, Checkbox, DatePicker, Input, InputNumber, Radio, Segmented, Select, Space } from 'antd'
import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { IMPORT_KINDS, type ImportKind, type ImportOptions, type Inspection } from '../../../shared/contract/imports.ts'
import { COMMON_CRS, usableCrs } from '../../../shared/geometry/crs.ts'
import { ENUMERATIONS } from '../../../shared/model/enumerations.ts'
import { formatNumber } from '../../app/format.ts'
import { fieldLabel, language, term } from '../../app/i18n/i18n.ts'
import { crsLabel } from './crs-label.ts'

const ENCODINGS = ['utf-8', 'gb18030'] as const

/** Are all questions of the first step answered? The datum is asked, never assumed, when the file cannot say. */
export function isReady(kind: ImportKind, inspection: Inspection, options: Partial<ImportOptions>): boolean {
  if (kind === 'enterprises') return options.year !== undefined || 'year' in (options.mapping ?? inspection.mapping)
  if (kind === 'units') return true
  const crs = options.crs ?? (inspection.ask_datum ? undefined : inspection.crs_proposed)
  const far = inspection.crs_findings.some(finding => finding.code === 'outside_guard')
  if (far && crs === inspection.crs_proposed && !options.outside_guard) return false
  return Boolean(crs) && (kind !== 'boundary' || Boolean(options.name?.trim() && options.effective))
}

interface RecognisedProps {
  inspection: Inspection
  kind: ImportKind
  options: Partial<ImportOptions>
  onKind: (kind: ImportKind) => void
  onChange: (change: Partial<ImportOptions>) => void
}

export function Recognised({ inspection, kind, options, onKind, onChange }: Readonly<RecognisedProps>) {
  const { t } = useTranslation()
  const spatial = kind === 'parcels' || kind === 'boundary'
  const crs = options.crs ?? (inspection.ask_datum ? undefined : (inspection.crs_proposed ?? undefined))
  const list = usableCrs().sort((a, b) => rank(a.id) - rank(b.id))
  return (
    <div className="recognised">
      <dl className="facts">
        <dt>{t('import.fact.kind')}</dt>
        <dd>
          <KindChoice kind={kind} onKind={onKind} />
        </dd>
        <dt>{t('import.fact.format')}</dt>
        <dd>
          {inspection.format_label} · {formatNumber(inspection.size / 1024, 0)} KB{' '}
          {inspection.encoding && (
            <EncodingSelect
              value={options.encoding ?? inspection.encoding}
              onChange={encoding => onChange({ encoding })}
            />
          )}
        </dd>
        <dt>{t('import.fact.rows')}</dt>
        <dd>
          {inspection.complete
            ? inspection.sampled.toLocaleString()
            : t('import.at_least', { count: inspection.sampled })}
          {Object.keys(inspection.geometry_types).length > 0 && ' · '}
          {Object.entries(inspection.geometry_types)
            .map(([type, count]) => `${t(`import.geometry.${type}`, { defaultValue: type })} ${count}`)
            .join(' · ')}
        </dd>
        {spatial && (
          <>
            <dt>{t('import.fact.crs')}</dt>
            <dd>
              <Select
                className="crs-select"
                showSearch={{ optionFilterProp: 'label' }}
                value={crs}
                placeholder={t('import.choose_crs')}
                aria-label={t('import.fact.crs')}
                options={list.map(entry => ({ value: entry.id, label: crsLabel(entry) }))}
                onChange={value => onChange({ crs: value })}
              />
              <span className="muted">
                {inspection.crs_declared
                  ? t('import.declared', { crs: inspection.crs_declared })
                  : t('import.undeclared')}
              </span>
              {inspection.ask_datum && (
                <div className="datum">
                  <div>{t('import.ask_datum')}</div>
                  <Radio.Group
                    value={options.crs}
                    onChange={event => onChange({ crs: event.target.value as string })}
                    options={[
                      { value: 'EPSG:4490', label: 'CGCS2000 / WGS84' },
                      { value: 'GCJ02', label: 'GCJ-02' },
                      { value: 'BD09', label: 'BD-09' },
                    ]}
                  />
                </div>
              )}
            </dd>
          </>
        )}
        {kind === 'boundary' && (
          <>
            <dt>{t('import.fact.version')}</dt>
            <dd>
              <Space>
                <Select
                  value={options.layer ?? 'development'}
                  aria-label={fieldLabel('boundary_version', 'kind')}
                  options={ENUMERATIONS.boundary_kind.map(({ code }) => ({
                    value: code,
                    label: term('boundary_kind', code),
                  }))}
                  onChange={layer => onChange({ layer })}
                />
                <Input
                  value={options.name ?? ''}
                  maxLength={200}
                  placeholder={t('import.version_name')}
                  aria-label={t('import.version_name')}
                  onChange={event => onChange({ name: event.target.value })}
                />
                <DatePicker
                  placeholder={t('import.effective')}
                  onChange={value => {
                    const picked = Array.isArray(value) ? value[0] : value
                    onChange({ effective: picked ? picked.format('YYYY-MM-DD') : undefined })
                  }}
                />
              </Space>
            </dd>
          </>
        )}
        {kind === 'enterprises' && (
          <>
            <dt>{t('import.fact.year')}</dt>
            <dd>
              <InputNumber
                value={options.year ?? null}
                min={1990}
                max={2100}
                controls={false}
                aria-label={t('import.fact.year')}
                onChange={year => onChange({ year: year ?? undefined })}
              />
            </dd>
          </>
        )}
        {inspection.sheets.length > 1 && (
          <>
            <dt>{t('import.fact.sheet')}</dt>
            <dd>
              <Select
                value={options.sheet ?? inspection.sheets[0]}
                options={inspection.sheets.map(sheet => ({ value: sheet, label: sheet }))}
                onChange={sheet => onChange({ sheet })}
              />
            </dd>
          </>
        )}
      </dl>
      {inspection.crs_findings.map(finding => (
        <Alert key={finding.code} type="warning" showIcon title={findingInWords(finding)} />
      ))}
      {inspection.crs_findings.some(finding => finding.code === 'outside_guard') && (
        <div className="outside-guard">
          <Checkbox
            checked={options.outside_guard === true}
            onChange={event => onChange({ outside_guard: event.target.checked })}
          >
            {t('import.outside_guard')}
          </Checkbox>
        </div>
      )}
    </div>
  )
}

function rank(id: string): number {
  const index = COMMON_CRS.indexOf(id)
  return index < 0 ? 100 : index
}

export function KindChoice({ kind, onKind }: Readonly<{ kind: ImportKind; onKind: (kind: ImportKind) => void }>) {
  const { t } = useTranslation()
  return (
    <Segmented
      value={kind}
      options={IMPORT_KINDS.map(value => ({ value, label: t(`import.kind.${value}`) }))}
      onChange={value => onKind(value as ImportKind)}
    />
  )
}

/** Text that turns up garbled, or that no encoding fits, is the person's to decide. */
export function EncodingSelect({
  value,
  onChange,
}: Readonly<{ value: string | undefined; onChange: (encoding: string) => void }>) {
  const { t } = useTranslation()
  const known = ENCODINGS.some(encoding => encoding === value) || value === undefined
  return (
    <Select
      className="encoding-select"
      value={value}
      placeholder={t('import.encoding')}
      aria-label={t('import.encoding')}
      options={[...(known ? [] : [value]), ...ENCODINGS].map(encoding => ({
        value: encoding,
        label: encoding === 'gb18030' ? 'GBK / GB18030' : encoding!.toUpperCase(),
      }))}
      onChange={onChange}
    />
  )
}

/** The service says it in Chinese; the catalogue knows the same findings as reasons for a refusal. */
function findingInWords({ code, message }: { code: string; message: string }): string {
  return language() === 'en' && i18next.exists(`reason.${code}`) ? i18next.t(`reason.${code}`) : message
}
