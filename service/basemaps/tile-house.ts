/** The open tile files behind one thread: calls by number, failures as data. */

import type { Asset } from '../../shared/contract/assets.ts'
import { type ErrorCode, type ErrorDetails, isAppError } from '../../shared/contract/errors.ts'
import { openTileFile } from './tile-file.ts'
import type { TileFile } from './tile-source.ts'

export type TileFacts = Omit<TileFile, 'tile' | 'close'>

export type TileCall =
  | { readonly call: 'open'; readonly file: number; readonly path: string; readonly crs: string | null }
  | { readonly call: 'tile'; readonly file: number; readonly z: number; readonly x: number; readonly y: number }
  | { readonly call: 'close'; readonly file: number }

export type TileAnswer =
  | { readonly facts?: TileFacts; readonly asset?: Asset | null }
  | { readonly failure: { readonly code: ErrorCode; readonly message: string; readonly details: ErrorDetails } }

/** Answers calls about files; never rejects. */
export function createTileHouse(): (call: TileCall) => Promise<TileAnswer> {
  const files = new Map<number, Promise<TileFile>>()
  return async call => {
    try {
      if (call.call === 'open') {
        const opening = openTileFile(call.path, call.crs)
        files.set(call.file, opening)
        const { tile: _tile, close: _close, ...facts } = await opening
        return { facts }
      }
      const file = await files.get(call.file)
      if (call.call === 'close') {
        files.delete(call.file)
        file?.close()
        return {}
      }
      return { asset: file ? await file.tile(call.z, call.x, call.y) : null }
    } catch (error) {
      if (call.call === 'open') files.delete(call.file)
      // A tile whose bytes are broken is a blank tile: the rest of the picture is worth showing.
      if (call.call !== 'open') return { asset: null }
      if (isAppError(error)) return { failure: { code: error.code, message: error.message, details: error.details } }
      const details = { reason: 'file_unreadable' }
      return { failure: { code: 'file_unreadable', message: '无法读取底图文件', details } }
    }
  }
}
