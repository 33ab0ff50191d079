/** Thread of the tile painter: hands messages over and nothing else. */

import type { PainterRequest } from './painting/painter-messages.ts'
import { tilePainter } from './painting/tile-painter.ts'

const painter = tilePainter((answer, transfer) => self.postMessage(answer, { transfer }))
self.onmessage = ({ data }: MessageEvent<PainterRequest>) => painter.handle(data)
