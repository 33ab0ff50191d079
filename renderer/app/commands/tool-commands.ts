/** The drawing tools as commands: reachable by key and from the palette, and disabled with the reason. */
import { MAP_TOOLS } from '../../map/map-port.ts'
import { TOOL_KEYS } from '../../map/tool-keys.ts'
import { setUi } from '../ui-store.ts'
import type { ToolBlocks } from '../use-tool-blocks.ts'
import type { Command } from './command.ts'

/** Ids that other places use for a tool. */
const IDS: Readonly<Record<string, string>> = { draw: 'draw.parcel', edit: 'edit.outline', delete: 'delete.parcel' }

export function toolCommands(blocks: ToolBlocks): Command[] {
  return MAP_TOOLS.filter(tool => tool !== 'select').map(tool => ({
    id: IDS[tool] ?? `tool.${tool}`,
    keys: [TOOL_KEYS[tool]],
    disabled: blocks[tool] ?? false,
    run: () => setUi({ page: 'map', tool }),
  }))
}
