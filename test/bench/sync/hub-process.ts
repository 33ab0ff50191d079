/** A hub for the benches, started by processes.ts: prints its address, ends in good order. */
import { startHub } from '../../../hub/hub.ts'
import type { HubPlace } from '../../../hub/storage/open.ts'

const place = JSON.parse(process.argv[2]!) as HubPlace
const hub = await startHub({ place, devicePerMinute: 1e9, strangerPerMinute: 1e9 })
process.stdout.write(`${hub.url}\n`)
process.once('SIGTERM', () => void hub.close())
