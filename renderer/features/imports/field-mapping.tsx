/** Source columns beside the fields they go into; what was recognised is preset, the rest is kept as other attributes. */
import { Select, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ImportKind, Inspection } from '../../../shared/contract/imports.ts'
import { ENTITIES, type EntityName } from '../../../shared/model/entity.ts'
import type { FieldTable } from '../../../shared/model/field.ts'
import { fieldLabel } from '../../app/i18n/i18n.ts'

const ENTITIES_OF: Readonly<Record<ImportKind, readonly EntityName[]>> = {
  parcels: ['parcel'],
  boundary: ['boundary_feature'],
  enterprises: ['enterprise', 'enterprise_year'],
  units: ['report_unit'],
}

interface MappingProps {
  kind: ImportKind
  inspection: Inspection
  /** target field → source column */
  mapping: Readonly<Record<string, string>>
  onChange: (mapping: Record<string, string>) => void
}

export function FieldMapping({ kind, inspection, mapping, onChange }: Readonly<MappingProps>) {
  const { t } = useTranslation()
  const targets = ENTITIES_OF[kind].flatMap(entity =>
    Object.entries(ENTITIES[entity].fields as FieldTable)
      .filter(([name, field]) => (field.aliases || name in mapping) && field.kind !== 'geometry')
      .map(([name, field]) => ({ value: name, label: fieldLabel(entity, name), required: field.required === true })),
  )
  const known = new Map(targets.map(target => [target.value, target]))
  for (const name of Object.keys(mapping))
    if (!known.has(name))
      known.set(name, { value: name, label: t(`import.target.${name}`, { defaultValue: name }), required: false })
  const targetOf = new Map(Object.entries(mapping).map(([target, column]) => [column, target]))
  const choose = (column: string, target: string | undefined): void => {
    const next = Object.fromEntries(
      Object.entries(mapping).filter(([name, source]) => source !== column && name !== target),
    )
    if (target) next[target] = column
    onChange(next)
  }
  return (
    <div className="mapping">
      {inspection.mapping_remembered && <Tag color="blue">{t('import.remembered')}</Tag>}
      <table className="sheet">
        <thead>
          <tr>
            <th>{t('import.column')}</th>
            <th>{t('import.samples')}</th>
            <th>{t('import.filled')}</th>
            <th>{t('import.field')}</th>
          </tr>
        </thead>
        <tbody>
          {inspection.fields.map(field => (
            <tr key={field.name}>
              <td>{field.name}</td>
              <td className="muted ellipsis mapping-samples">{field.samples.join(' · ')}</td>
              <td className="numbers-right">{field.filled}</td>
              <td>
                <Select
                  allowClear
                  showSearch={{ optionFilterProp: 'label' }}
                  className="mapping-select"
                  aria-label={field.name}
                  value={targetOf.get(field.name)}
                  placeholder={t('import.other')}
                  options={[...known.values()].map(({ value, label }) => ({ value, label }))}
                  onChange={value => choose(field.name, value)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
