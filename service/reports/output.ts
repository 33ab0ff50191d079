/**
 * Where produced files go: a temporary file beside the target, renamed when whole; an existing file is never replaced
 * (a number is added). Also the export book. Must not decide what is written.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'
import { NO_SPACE, run } from '../db/sql.ts'
import type { Store } from '../db/store.ts'

/** A file name that Windows and Linux accept, made of any text; never empty. */
export function safeFileName(text: string): string {
  const clean = [...text]
    .map(sign => (sign < ' ' || '<>:"/\\|?*'.includes(sign) ? '_' : sign))
    .join('')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 80)
  return clean === '' || /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(clean) ? `_${clean}` : clean
}

/** `file`, or with " (2)", " (3)" … before the extension when it exists. */
export function freeName(file: string): string {
  const extension = extname(file)
  const stem = file.slice(0, file.length - extension.length)
  let candidate = file
  for (let number = 2; existsSync(candidate); number++) candidate = `${stem} (${number})${extension}`
  return candidate
}

/** yyyy-mm-dd_hhmmss_kind in local time, for folders of results whose place was left out. */
export function defaultFolder(now: Date, kind: string): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  return `${day}_${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}_${kind}`
}

/** Writes through `work(temporary file)`; the target appears whole or not at all. Returns the name it got. */
export async function writeWhole(file: string, work: (temporary: string) => Promise<void>): Promise<string> {
  const temporary = join(dirname(file), `.${process.pid}-${Math.random().toString(36).slice(2)}.part`)
  try {
    mkdirSync(dirname(file), { recursive: true })
    await work(temporary)
    const target = freeName(file)
    renameSync(temporary, target)
    return target
  } catch (error) {
    rmSync(temporary, { force: true })
    throw writeError(error, file)
  }
}

function writeError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // SQLite's own are among them: it writes the GeoPackages.
  if (NO_SPACE.has(String(code)))
    return new AppError(
      'disk_full',
      '磁盘空间不足，文件没有写成，请清理后重试',
      { reason: 'disk_full', file },
      { cause: error },
    )
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR')
    return new AppError('refused', '不能写到这个位置', { reason: 'output_refused', file }, { cause: error })
  return error
}

/** Notes a produced file in the export book, with its checksum. */
export async function logExport(store: Store, kind: string, file: string, records: number): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  const sha256 = hash.digest('hex')
  const { user, device } = store.profile()
  await store.quiesced(db =>
    run(db, 'INSERT INTO export_log (kind, file, sha256, records, user, device, at) VALUES (?, ?, ?, ?, ?, ?, ?)', [
      kind,
      file,
      sha256,
      records,
      user,
      device,
      store.now().toISOString(),
    ]),
  )
}
