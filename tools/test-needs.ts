/** Test files that need programs of the system, and which of those are missing here. */
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Need {
  readonly file: string
  readonly programs: readonly string[]
  readonly packages: string
}

const NEEDS: readonly Need[] = [
  {
    file: 'test/integration/office.test.ts',
    programs: ['soffice', 'pdftotext'],
    packages: 'libreoffice-calc libreoffice-writer poppler-utils',
  },
  { file: 'test/integration/worked-office.test.ts', programs: ['soffice'], packages: 'libreoffice-calc' },
  { file: 'test/integration/reports.test.ts', programs: ['pdftotext', 'unzip'], packages: 'poppler-utils unzip' },
  {
    file: 'test/integration/zone-report-formats.test.ts',
    programs: ['pdftotext', 'unzip', 'ogrinfo', 'ogr2ogr'],
    packages: 'poppler-utils unzip gdal-bin',
  },
  {
    file: 'test/integration/zone-report-job.test.ts',
    programs: ['pdftotext', 'pdfimages', 'unzip'],
    packages: 'poppler-utils unzip',
  },
  { file: 'test/integration/geometry-postgis.test.ts', programs: ['initdb'], packages: 'postgresql-postgis' },
  { file: 'test/integration/hub.test.ts', programs: ['initdb'], packages: 'postgresql' },
]

/** PostgreSQL keeps its server programs out of the path. */
const SERVER_PROGRAMS = '/usr/lib/postgresql'

function isHere(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const servers = existsSync(SERVER_PROGRAMS)
    ? readdirSync(SERVER_PROGRAMS).map(version => join(SERVER_PROGRAMS, version, 'bin'))
    : []
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program]
  return [...folders, ...servers].some(folder => names.some(name => existsSync(join(folder, name))))
}

/** Test files that cannot run on this machine, each with what is missing and the Debian packages that have it. */
export function unmetNeeds(): { file: string; missing: string[]; packages: string }[] {
  return NEEDS.map(({ file, programs, packages }) => ({
    file,
    missing: programs.filter(program => !isHere(program)),
    packages,
  })).filter(need => need.missing.length > 0)
}
