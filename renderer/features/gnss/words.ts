/** What is known of a measured corner, in words for the change log and for people. */
import type { AveragedPoint } from '../../../shared/gnss/averaging.ts'
import { t } from '../../app/i18n/i18n.ts'

/** `≈ 4.5 m` for an estimate, `0.02 m` from the receiver, `—` when unknown. */
export function accuracyWords(metres: number | null, from: 'receiver' | 'estimate' | null): string {
  if (metres === null) return '—'
  return `${from === 'estimate' ? '≈ ' : ''}${metres.toFixed(metres < 1 ? 3 : 1)} m`
}

export function pointWords(point: AveragedPoint): string {
  return t('gnss.note', {
    quality: t(`gnss.quality.${point.quality}`),
    used: point.used,
    rejected: point.rejected,
    spread: point.spreadM.toFixed(3),
    accuracy: accuracyWords(point.accuracyM, point.accuracyFrom),
    time: point.time ?? '—',
  })
}
