/** A, B, C, D in the trade's colours. */

import { UNKNOWN } from '../app/format.ts'
import { CLASS_COLORS } from '../app/theme.ts'

export function ClassChip({ code }: Readonly<{ code: string | null | undefined }>) {
  if (!code) return <span>{UNKNOWN}</span>
  return (
    <span className="class-chip" style={{ background: CLASS_COLORS[code] ?? CLASS_COLORS['N'] }}>
      {code}
    </span>
  )
}
