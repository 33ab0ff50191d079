/**
 * CSV and its relatives (semicolon, tab, full-width comma), UTF-8 or GBK, streamed row by row. Quotes as in RFC 4180.
 * Every value stays text: '007' is not a number here.
 */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import iconv from 'iconv-lite'
import { AppError } from '../../shared/contract/errors.ts'
import { sampleFile } from './byte-source.ts'
import { detectEncoding, type Encoding, encodingNamed } from './encoding.ts'
import type { ImportFormat, RawFeature, Source } from './format.ts'
import { rowToFeature, type TableRow } from './table.ts'
import { findHeader, HEADER_ROWS } from './table-header.ts'

const SEPARATORS = [',', ';', '\t', ',', ';'] as const
const MAX_CELL = 1 << 20
const MAX_COLUMNS = 2000
const CHUNK_ROWS = 500

export const csvFormat: ImportFormat = {
  id: 'csv',
  label: 'CSV',
  detect(head, fileName) {
    const named = /\.(csv|tsv|txt)$/i.test(fileName)
    if (head.includes(0) || head[0] === 0x7b || head[0] === 0x3c) return 0
    return named ? 0.5 : 0.1
  },
  async open(file, options) {
    const name = basename(file)
    const { head, whole } = await sampleFile(file)
    const encoding = options.encoding ? encodingNamed(options.encoding) : detectEncoding(head, whole)
    const text = decodeSample(head, encoding)
    const separator = separatorOf(text)
    const first: TableRow[] = []
    for await (const row of csvRows(file, encoding, separator, name)) {
      first.push(row)
      if (first.length >= HEADER_ROWS) break
    }
    const header = findHeader(first.map(row => row.cells.map(cell => String(cell ?? ''))))
    if (!header) throw new AppError('file_unreadable', `文件“${name}”里没有内容`, { reason: 'file_empty', file: name })
    const dataRow = first[header.dataFrom]?.row ?? Number.POSITIVE_INFINITY
    const source: Source = {
      format: 'csv',
      encoding,
      crsDeclared: null,
      counts: 'row',
      spatial: false,
      sheets: [],
      headings: header.headings,
      async *features(signal) {
        let chunk: RawFeature[] = []
        let index = 0
        for await (const row of csvRows(file, encoding, separator, name, signal)) {
          if (row.cells.some(cell => String(cell).includes('\ufffd'))) throw wrongEncoding(name, row.row)
          if (row.row < dataRow) continue
          const feature = rowToFeature(header.headings, row, index)
          if (!feature) continue
          index++
          chunk.push(feature)
          if (chunk.length < CHUNK_ROWS) continue
          yield chunk
          chunk = []
        }
        if (chunk.length > 0) yield chunk
      },
    }
    return source
  },
}

function wrongEncoding(name: string, row: number): AppError {
  return new AppError(
    'file_unreadable',
    `文件“${name}”第 ${row} 行的文字与编码不符，请指定文字编码(UTF-8 或 GBK)再导入`,
    {
      reason: 'encoding_mixed',
      file: name,
      row,
    },
  )
}

function decodeSample(head: Uint8Array, encoding: Encoding): string {
  return iconv.decode(Buffer.from(head.buffer, head.byteOffset, head.length), encoding)
}

/** The separator that stands outside quotes most often in the first lines, evenly. */
export function separatorOf(text: string): string {
  const lines = text
    .replace(/"[^"]*"/g, '""')
    .split(/\r\n|\n|\r/, 30)
    .filter(line => line.trim() !== '')
  let best = ','
  let bestScore = 0
  for (const separator of SEPARATORS) {
    const counts = lines.map(line => line.split(separator).length - 1)
    const most = Math.max(0, ...counts)
    const score = counts.filter(count => count > 0 && count >= most / 2).length * Math.min(most, 50)
    if (score > bestScore) {
      best = separator
      bestScore = score
    }
  }
  return best
}

async function* csvRows(
  file: string,
  encoding: Encoding,
  separator: string,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<TableRow, void, undefined> {
  const decoder = iconv.getDecoder(encoding)
  const parser = new CsvParser(separator, name)
  const stream = createReadStream(file, { highWaterMark: 1 << 18 })
  try {
    for await (const piece of stream) {
      if (signal?.aborted) throw new AppError('cancelled', '已取消', { reason: 'cancelled' })
      yield* parser.push(decoder.write(piece as Buffer))
    }
    yield* parser.push(decoder.end() ?? '')
    yield* parser.end()
  } finally {
    stream.destroy()
  }
}

/** Rows from pieces of text cut anywhere. */
export class CsvParser {
  private readonly separator: string
  private readonly name: string
  private cells: string[] = []
  private cell = ''
  private state: 'start' | 'plain' | 'quoted' | 'quoteInQuoted' = 'start'
  private line = 1
  private rowLine = 1
  private afterReturn = false
  private first = true

  constructor(separator: string, fileName: string) {
    this.separator = separator
    this.name = fileName
  }

  *push(text: string): Generator<TableRow, void, undefined> {
    for (const sign of text) {
      if (this.first) {
        this.first = false
        if (sign === '\ufeff') continue
      }
      if (this.state === 'quoted') {
        if (sign === '"') this.state = 'quoteInQuoted'
        else this.add(sign)
        if (sign === '\n') this.line++
        continue
      }
      if (this.state === 'quoteInQuoted') {
        if (sign === '"') {
          this.add('"')
          this.state = 'quoted'
          continue
        }
        this.state = 'plain'
      }
      if (sign === '\n' && this.afterReturn) {
        this.afterReturn = false
        this.rowLine = this.line
        continue
      }
      this.afterReturn = sign === '\r'
      if (sign === '\n' || sign === '\r') {
        this.line++
        yield this.take()
      } else if (sign === this.separator) this.endCell()
      else if (sign === '"' && this.state === 'start') this.state = 'quoted'
      else {
        this.add(sign)
        this.state = 'plain'
      }
    }
  }

  *end(): Generator<TableRow, void, undefined> {
    if (this.state === 'quoted') {
      throw new AppError('file_unreadable', `文件“${this.name}”第 ${this.rowLine} 行的引号没有结束，文件不完整`, {
        reason: 'truncated',
        file: this.name,
        row: this.rowLine,
      })
    }
    if (this.cell !== '' || this.cells.length > 0) yield this.take()
  }

  private add(sign: string): void {
    this.cell += sign
    if (this.cell.length > MAX_CELL) {
      throw new AppError(
        'file_unreadable',
        `文件“${this.name}”第 ${this.rowLine} 行有超过 100 万字的单元格(引号可能没有结束)，未导入`,
        {
          reason: 'cell_too_large',
          file: this.name,
          row: this.rowLine,
        },
      )
    }
  }

  private endCell(): void {
    this.cells.push(this.cell)
    this.cell = ''
    this.state = 'start'
    if (this.cells.length > MAX_COLUMNS) {
      throw new AppError('file_unreadable', `文件“${this.name}”第 ${this.rowLine} 行超过 ${MAX_COLUMNS} 列，未导入`, {
        reason: 'too_many_columns',
        file: this.name,
        row: this.rowLine,
      })
    }
  }

  private take(): TableRow {
    this.endCell()
    const row = { row: this.rowLine, cells: this.cells }
    this.cells = []
    this.rowLine = this.line
    return row
  }
}
