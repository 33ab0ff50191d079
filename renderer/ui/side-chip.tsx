/** The side of a parcel as a small coloured label; crossing is hatched as on the map. */
import { term } from '../app/i18n/i18n.ts'

export function SideChip({ side, share }: Readonly<{ side: string | null | undefined; share?: number | null }>) {
  const code = side ?? 'unknown'
  const percent = code === 'crossing' && share !== null && share !== undefined ? ` ${(share * 100).toFixed(0)}%` : ''
  return (
    <span className={`side-chip side-chip-${code}`}>
      {term('side', code)}
      {percent}
    </span>
  )
}
