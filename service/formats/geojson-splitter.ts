/**
 * Cuts a stream of GeoJSON bytes into features without parsing them: the elements of `features` of a FeatureCollection,
 * or one object after another (newline-delimited, or a single object). One buffer; its size follows the largest feature.
 */
import { AppError } from '../../shared/contract/errors.ts'
import type { ByteReader } from './byte-source.ts'

/** The bytes of one feature; valid only until the next step of the iteration. */
interface FeatureBytes {
  buffer: Buffer
  start: number
  end: number
  /** Position in the stream of the feature's first byte, for error messages. */
  offset: number
}

/** Awaited after each piece read, so that the caller can breathe and be cancelled. */
type Refilled = () => Promise<void> | void

export interface SplitterLimits {
  bufferBytes: number
  featureBytes: number
  depth: number
}

export const DEFAULT_LIMITS: SplitterLimits = { bufferBytes: 1 << 20, featureBytes: 256 << 20, depth: 100 }

const QUOTE = 0x22
/** First bytes of JSON values that are no objects: texts, lists, numbers, true, false, null. */
const STARTS_VALUE: ReadonlySet<number> = new Set(Buffer.from('"[-0123456789tfn'))
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const COMMA = 0x2c
const COLON = 0x3a
const RECORD_SEPARATOR = 0x1e
const NOTHING = -1

export class FeatureSplitter {
  /** Root members other than the features, by name, as JSON text (those that are short): crs, name, bbox, type … */
  readonly members = new Map<string, string>()
  /** Was there an array of features (even an empty one)? */
  collection = false
  private readonly reader: ByteReader
  private readonly name: string
  private readonly limits: SplitterLimits
  private buffer: Buffer
  private filled = 0
  private at = 0
  /** First byte that must not be thrown away; the scan position when there is none. */
  private keep = NOTHING
  /** Stream position of buffer[0]. */
  private base = 0
  private found = 0

  constructor(reader: ByteReader, fileName: string, limits: SplitterLimits = DEFAULT_LIMITS) {
    this.reader = reader
    this.name = fileName
    this.limits = limits
    this.buffer = Buffer.allocUnsafe(limits.bufferBytes)
  }

  /** Every feature or bare object, in order, as many at a time as the buffer holds. */
  async *split(refilled: Refilled): AsyncGenerator<FeatureBytes[], void, undefined> {
    for (;;) {
      let byte = await this.skipBlank(refilled)
      while (byte === RECORD_SEPARATOR) {
        this.at++
        byte = await this.skipBlank(refilled)
      }
      if (byte === NOTHING) return
      if (byte === OPEN_BRACE) yield* this.root(refilled)
      else if (byte === OPEN_BRACKET) {
        this.at++
        this.collection = true
        yield* this.elements(refilled)
      } else throw this.notJson()
    }
  }

  private async *root(refilled: Refilled): AsyncGenerator<FeatureBytes[], void, undefined> {
    this.keep = this.at
    const offset = this.base + this.at
    this.at++
    let hasFeatures = false
    for (;;) {
      const byte = await this.skipBlank(refilled)
      if (byte === CLOSE_BRACE) {
        this.at++
        break
      }
      if (byte === COMMA) {
        this.at++
        continue
      }
      if (byte === NOTHING) throw this.truncated()
      if (byte !== QUOTE) throw this.notJson()
      // Positions relative to `keep` survive a refill, absolute ones do not.
      const keyFrom = this.at - this.keep
      await this.skipValue(refilled)
      const key = this.buffer.toString('utf8', this.keep + keyFrom + 1, this.at - 1)
      if ((await this.skipBlank(refilled)) !== COLON) throw this.byteIsEnd() ? this.truncated() : this.notJson()
      this.at++
      const value = await this.skipBlank(refilled)
      if (value === NOTHING) throw this.truncated()
      if (key === 'features' && value === OPEN_BRACKET) {
        hasFeatures = true
        this.collection = true
        this.at++
        yield* this.elements(refilled)
        this.keep = this.at
        continue
      }
      const valueFrom = this.at - this.keep
      await this.skipValue(refilled)
      const from = this.keep + valueFrom
      if (this.at - from < 100_000) this.members.set(key, this.buffer.toString('utf8', from, this.at))
      if (hasFeatures) this.keep = this.at
    }
    if (!hasFeatures) {
      this.found++
      yield [{ buffer: this.buffer, start: this.keep, end: this.at, offset }]
    }
    this.keep = NOTHING
  }

  private async *elements(refilled: Refilled): AsyncGenerator<FeatureBytes[], void, undefined> {
    for (;;) {
      const batch: FeatureBytes[] = []
      const stop = this.bufferedElements(batch)
      if (batch.length > 0) yield batch
      if (stop === 'closed') return
      if (stop === 'bad') throw this.notJson()
      if (stop === 'unfinished') {
        this.keep = this.at
        await this.skipValue(refilled)
        this.found++
        yield [{ buffer: this.buffer, start: this.keep, end: this.at, offset: this.base + this.keep }]
        this.keep = NOTHING
      } else if (!(await this.refill(refilled))) throw this.truncated()
    }
  }

  /** Takes all elements that lie wholly in the buffer, without a single promise; says why it stopped. */
  private bufferedElements(batch: FeatureBytes[]): 'empty' | 'closed' | 'unfinished' | 'bad' {
    const { buffer, filled } = this
    while (this.at < filled) {
      const byte = buffer[this.at]!
      if (byte === COMMA || byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) this.at++
      else if (byte === CLOSE_BRACKET) {
        this.at++
        return 'closed'
      } else if (byte !== OPEN_BRACE) return 'bad'
      else {
        this.escaped = false
        const end = this.scan(this.at, 0, false)
        if (end < 0) return 'unfinished'
        batch.push({ buffer, start: this.at, end, offset: this.base + this.at })
        this.found++
        this.at = end
      }
    }
    return 'empty'
  }

  private depth = 0
  private inString = false
  private escaped = false

  /** Scans an object or array from `from`; the position after it, or -1 when the buffer ends first (state is kept). */
  private scan(from: number, depth: number, inString: boolean): number {
    const { buffer, filled } = this
    const limit = this.limits.depth
    let at = from
    let escaped = this.escaped
    this.escaped = false
    while (at < filled) {
      const byte = buffer[at++]!
      if (inString) {
        if (escaped) escaped = false
        else if (byte === BACKSLASH) escaped = true
        else if (byte === QUOTE) inString = false
      } else if (byte === QUOTE) inString = true
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (++depth > limit)
          throw this.failure('nested_too_deep', `第 ${this.found + 1} 个要素嵌套超过 ${limit} 层，文件可能有害，未导入`)
      } else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at
    }
    this.depth = depth
    this.inString = inString
    this.escaped = escaped
    return -1
  }

  /** Moves past the value at the position: object, array, string or bare word. */
  private async skipValue(refilled: Refilled): Promise<void> {
    const first = this.buffer[this.at]!
    this.escaped = false
    if (first === OPEN_BRACE || first === OPEN_BRACKET) {
      let end = this.scan(this.at, 0, false)
      while (end < 0) {
        this.at = this.filled
        if (!(await this.refill(refilled))) throw this.truncated()
        end = this.scan(this.at, this.depth, this.inString)
      }
      this.at = end
      return
    }
    const isString = first === QUOTE
    this.at++
    let escaped = false
    for (;;) {
      while (this.at < this.filled) {
        const byte = this.buffer[this.at]!
        if (isString) {
          this.at++
          if (escaped) escaped = false
          else if (byte === BACKSLASH) escaped = true
          else if (byte === QUOTE) return
        } else if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20) return
        else this.at++
      }
      if (!(await this.refill(refilled))) throw this.truncated()
    }
  }

  /** The next byte that is not white space, without taking it; NOTHING at the end. */
  private async skipBlank(refilled: Refilled): Promise<number> {
    for (;;) {
      while (this.at < this.filled) {
        const byte = this.buffer[this.at]!
        if (byte > 0x20 || byte === RECORD_SEPARATOR) return byte
        if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) throw this.notJson()
        this.at++
      }
      if (!(await this.refill(refilled))) return NOTHING
    }
  }

  /** Reads more behind what is kept; false at the end of the data. */
  private async refill(refilled: Refilled): Promise<boolean> {
    const from = this.keep === NOTHING ? this.at : this.keep
    if (from > 0) {
      this.buffer.copyWithin(0, from, this.filled)
      this.filled -= from
      this.at -= from
      this.base += from
      if (this.keep !== NOTHING) this.keep = 0
    }
    if (this.filled === this.buffer.length) {
      if (this.buffer.length >= this.limits.featureBytes) {
        throw this.failure(
          'feature_too_large',
          `第 ${this.found + 1} 个要素超过 ${this.limits.featureBytes >> 20} MB，未导入`,
        )
      }
      const larger = Buffer.allocUnsafe(Math.min(this.buffer.length * 2, this.limits.featureBytes))
      this.buffer.copy(larger, 0, 0, this.filled)
      this.buffer = larger
    }
    const count = await this.reader.read(this.buffer.subarray(this.filled))
    this.filled += count
    await refilled()
    return count > 0
  }

  private byteIsEnd(): boolean {
    return this.at >= this.filled
  }

  /** Bytes of the stream scanned so far. */
  get position(): number {
    return this.base + this.at
  }

  private truncated(): AppError {
    return this.failure(
      'truncated',
      `在第 ${this.position} 字节处中断，文件不完整：此前有 ${this.found} 个完整要素，均未导入。请重新取得文件`,
      { position: this.position, features: this.found },
    )
  }

  private notJson(): AppError {
    // A list of numbers or texts is JSON, but nothing that could be a feature.
    if (this.found === 0 && this.collection && STARTS_VALUE.has(this.buffer[this.at] ?? 0))
      return this.failure('not_geojson', '里不是 GeoJSON 要素或几何，未导入')
    const where = this.found > 0 ? `第 ${this.found} 个要素之后、` : ''
    return this.failure('not_json', `${where}第 ${this.position + 1} 字节处不是有效的 JSON，未导入`, {
      position: this.position + 1,
      features: this.found,
    })
  }

  private failure(reason: string, message: string, values: Record<string, number> = {}): AppError {
    return new AppError('file_unreadable', `文件“${this.name}”${message}`, { reason, file: this.name, values })
  }
}
