/**
 * Answers requests for pictures on a raw port of their own: `{ id, request }` in, `{ id, asset }` (null: nothing to show) or
 * `{ id, error }` out. Apart from the tile port because that one belongs to the painting worker.
 */
import { z } from 'zod'
import { type Asset, type AssetRequest, assetRequestSchema } from '../../shared/contract/assets.ts'
import { isAppError } from '../../shared/contract/errors.ts'
import type { TilePort } from './tile-port.ts'

const messageSchema = z.object({ id: z.number().int(), request: assetRequestSchema })

export function serveAssets(port: TilePort, assetOf: (request: AssetRequest) => Promise<Asset | null>): void {
  port.on('message', ({ data }) => {
    const parsed = messageSchema.safeParse(data)
    if (!parsed.success) return
    const { id, request } = parsed.data
    assetOf(request).then(
      asset => port.postMessage({ id, asset }),
      (error: unknown) => {
        const known = isAppError(error)
        port.postMessage({
          id,
          error: { code: known ? error.code : 'internal', message: known ? error.message : '图片读取失败' },
        })
      },
    )
  })
  port.start()
}
