/** One way to remove a record from the window. */
import type { EntityName } from '../../shared/model/entity.ts'
import type { Client } from './connection.ts'
import { tracked } from './save-state.ts'
import { setUi, uiState } from './ui-store.ts'

/**
 * Removes a record in one step of undo. Its panel closes before, so that no view asks for what is gone; it opens again when
 * the removal is refused.
 */
export async function removeRecord(client: Client, entity: EntityName, id: string): Promise<void> {
  const { selection } = uiState()
  const isOpen = selection?.id === id
  if (isOpen) setUi({ selection: null })
  try {
    await tracked(() => client.records.remove({ entity, id }))
  } catch (error) {
    if (isOpen) setUi({ selection })
    throw error
  }
}
