/** A, B, C, D in the trade's colours. */

import { useTranslation } from 'react-i18next'
import { UNKNOWN } from '../app/format.ts'
import { CLASS_COLORS } from '../app/theme.ts'

/** `source`: a computed class carries a mark, so that nobody takes it for a published one. */
export function ClassChip({
  code,
  source,
}: Readonly<{ code: string | null | undefined; source?: string | null | undefined }>) {
  const { t } = useTranslation()
  if (!code) return <span>{UNKNOWN}</span>
  return (
    <>
      <span className="class-chip" style={{ background: CLASS_COLORS[code] ?? CLASS_COLORS['N'] }}>
        {code}
      </span>
      {source === 'computed' && (
        <sup className="muted" title={t('enterprise.computed_class_hint')}>
          {t('enterprise.computed_mark')}
        </sup>
      )}
    </>
  )
}
