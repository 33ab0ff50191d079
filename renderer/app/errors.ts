/** What went wrong, in words: the catalogue's by reason, otherwise the service's own message, which is fit to be shown. */
import i18next from 'i18next'
import { language, t } from './i18n/i18n.ts'

interface ServiceError {
  code: string
  message: string
  data?: { reason?: string; values?: Record<string, string | number>; file?: string; row?: number; field?: string }
}

export function asServiceError(error: unknown): ServiceError | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? (error as unknown as ServiceError)
    : undefined
}

export function errorCode(error: unknown): string {
  return asServiceError(error)?.code ?? 'internal'
}

/** Given up on purpose: nothing to complain about. The name of an abort differs by transport, so the signal decides. */
export function isCancelled(error: unknown, signal?: AbortSignal): boolean {
  return signal?.aborted === true || errorCode(error) === 'cancelled'
}

/** One sentence for people. The Chinese message of the service names file, row and reason; English goes by the reason. */
export function errorMessage(error: unknown): string {
  const service = asServiceError(error)
  if (!service) return t('error.internal')
  const { code, message, data } = service
  if (code === 'ABORT_ERR' || code === 'service_gone') return t('error.service_gone')
  const known = data?.reason !== undefined && i18next.exists(`reason.${data.reason}`)
  if (language() === 'en' && known) return `${t(`reason.${data.reason}`, data.values ?? {})}${placeInWords(data)}`
  return code === 'INTERNAL_SERVER_ERROR' || code === 'internal' ? t('error.internal') : message
}

/** Where it happened, for texts that do not name it themselves: “ (file a.csv, row 3)”. */
function placeInWords({ file, row, field, values }: NonNullable<ServiceError['data']>): string {
  const named = new Set(Object.keys(values ?? {}))
  const parts = [
    file !== undefined && !named.has('file') && t('error.at_file', { file: file.replace(/^.*[\\/]/, '') }),
    row !== undefined && !named.has('row') && t('error.at_row', { row }),
    field !== undefined && !named.has('field') && t('error.at_field', { field }),
  ].filter(Boolean)
  return parts.length ? ` (${parts.join(', ')})` : ''
}
