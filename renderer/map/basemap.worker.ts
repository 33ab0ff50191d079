/** Thread of the basemaps: hands messages over and nothing else. */
import { type DecodeRequest, decode } from './field/tile-decoding.ts'

self.onmessage = ({ data }: MessageEvent<DecodeRequest>) => {
  void decode(data).then(bitmap => self.postMessage({ id: data.id, bitmap }, { transfer: bitmap ? [bitmap] : [] }))
}
