/** The key of each tool: shown in its tooltip and bound by the application's commands. */
import type { MapToolName } from './map-port.ts'

export const TOOL_KEYS: Readonly<Record<MapToolName, string>> = {
  select: 'Esc',
  draw: 'D',
  trace: 'G',
  rectangle: 'R',
  typed: 'X',
  edit: 'E',
  hole: 'H',
  part: 'P',
  split: 'S',
  boundarySplit: 'B',
  merge: 'M',
  cut: 'C',
  delete: 'Delete',
  measure: 'L',
}
