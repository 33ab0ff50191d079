/**
 * Where a survey may live. SQLite's WAL needs a local disk: on network shares and in cloud-synced folders it freezes or
 * loses data (QGIS and Mergin users learnt it), so such places are refused in words before anything is opened.
 */
import { existsSync, realpathSync, statfsSync } from 'node:fs'
import { dirname, resolve, sep } from 'node:path'
import { AppError } from '../../shared/contract/errors.ts'

/** File system types (statfs) that are served over a network. */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  22092: 'NCP',
  1397113167: 'AFS',
}

/** Folder names that sync clients own. Compared with whole path segments, case ignored. */
const SYNCED_FOLDERS: readonly RegExp[] = [
  /^onedrive( - .*)?$/i,
  /^dropbox( \(.*\))?$/i,
  /^google ?drive$/i,
  /^icloud ?drive$/i,
  /^com~apple~clouddocs$/i,
  /^nutstore files$/i,
  /^我的坚果云$/,
  /^坚果云$/,
  /^wps云盘$/i,
  /^wpsdrive$/i,
  /^baidunetdisk(workspace)?$/i,
  /^百度云同步盘$/,
  /^百度网盘同步空间$/,
]

/** Why a survey must not be kept at `file`; undefined when the place is fine. */
export function unsafeLocation(file: string): { reason: 'network_folder' | 'synced_folder'; what: string } | undefined {
  const absolute = resolve(file)
  if (/^(\\\\|\/\/)[^\\/?.]/.test(file)) return { reason: 'network_folder', what: 'UNC' }
  let folder = dirname(absolute)
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder)
  const real = realpathSync.native(folder)
  // On Windows a mapped drive resolves to its share.
  if (real.startsWith('\\\\') && !real.startsWith('\\\\?\\')) return { reason: 'network_folder', what: 'UNC' }
  const segments = [...new Set([...absolute.split(sep), ...real.split(sep)])]
  const synced = segments.find(segment => SYNCED_FOLDERS.some(pattern => pattern.test(segment)))
  if (synced !== undefined) return { reason: 'synced_folder', what: synced }
  const network = NETWORK_FILE_SYSTEMS[Number(statfsSync(real).type) >>> 0]
  return network === undefined ? undefined : { reason: 'network_folder', what: network }
}

/** Throws `unsafe_location` for network and cloud-synced folders. */
export function assertSafeLocation(file: string): void {
  const unsafe = unsafeLocation(file)
  if (!unsafe) return
  const where = unsafe.reason === 'network_folder' ? `网络位置(${unsafe.what})` : `云同步文件夹“${unsafe.what}”`
  throw new AppError('unsafe_location', `调查文件不能放在${where}，否则可能丢失数据。请选择本机磁盘上的普通文件夹`, {
    reason: unsafe.reason,
    values: { what: unsafe.what },
  })
}
