/** A picture that does not say in which coordinates it lies: a person says it. */
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { COMMON_CRS, resolveCrs, usableCrs } from '../../../shared/geometry/crs.ts'
import { crsLabel } from '../imports/crs-label.ts'

interface CrsQuestionProps {
  file: string
  onAnswer: (crs: string) => void
  onCancel: () => void
}

export function CrsQuestion({ file, onAnswer, onCancel }: Readonly<CrsQuestionProps>) {
  const { t } = useTranslation()
  const [crs, setCrs] = useState<string>()
  const common = COMMON_CRS.flatMap(id => resolveCrs(id) ?? [])
  const others = usableCrs().filter(one => !COMMON_CRS.includes(one.id))
  return (
    <div className="basemap-row" data-testid="basemap-crs">
      <div>{t('basemap.choose_crs', { name: file.split(/[\\/]/).at(-1) })}</div>
      <Select
        size="small"
        value={crs}
        aria-label={t('basemap.crs')}
        placeholder={t('basemap.crs')}
        showSearch={{ optionFilterProp: 'label' }}
        options={[...common, ...others].map(one => ({ value: one.id, label: crsLabel(one) }))}
        onChange={setCrs}
      />
      <div className="basemap-head">
        <Button
          size="small"
          type="primary"
          disabled={crs === undefined}
          onClick={() => crs !== undefined && onAnswer(crs)}
        >
          {t('basemap.open')}
        </Button>
        <Button size="small" onClick={onCancel}>
          {t('basemap.cancel')}
        </Button>
      </div>
    </div>
  )
}
