/**
 * A command: one object serves menu, button, shortcut, palette and test. A disabled command says why, and the reason is
 * the tooltip. Keys are written `Mod+K`: Ctrl on Windows and Linux, Cmd on macOS.
 */

export interface Command {
  readonly id: string
  /** Key of the catalogue, default `command.<id>`. */
  readonly label?: string
  /** Words that stand in for the label (undo names its step). */
  readonly title?: string
  readonly keys?: readonly string[]
  /** False to run it, otherwise the key of the reason (`disabled.<reason>`). */
  readonly disabled?: false | string
  /**
   * Keys and menu run it even while it shows as disabled: what the screen knows may be older than the last edit, and the
   * service answers for itself.
   */
  readonly asksService?: boolean
  /** Shown in the palette; default true. */
  readonly listed?: boolean
  /** Works while a field has the focus (Escape, palette). */
  readonly inFields?: boolean
  run(): void | Promise<void>
}

/** Does the pressed key mean these keys? */
export function matchesKeys(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split('+')
  const key = parts[parts.length - 1]!
  const modifier = event.ctrlKey || event.metaKey
  if (parts.includes('Mod') !== modifier || event.altKey !== parts.includes('Alt')) return false
  // A character such as `?` already holds its Shift.
  const needsShift = parts.includes('Shift')
  if (key.length > 1 || /[a-z0-9]/i.test(key)) {
    if (needsShift !== event.shiftKey) return false
  }
  return event.key.toLowerCase() === key.toLowerCase()
}

/** Is somebody typing, or composing Chinese? Then single keys belong to the text. */
export function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing || event.keyCode === 229) return true
  const target = event.target as HTMLElement | null
  if (target === null) return false
  // A ticked box or a chosen option keeps the focus, and takes no letters.
  if (target instanceof HTMLInputElement) return !/^(checkbox|radio|button|range|file)$/.test(target.type)
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName)
}

/** `Mod+K` as people read it: Ctrl+K, or ⌘K on a Mac. */
export function keysText(keys: string): string {
  const mac = navigator.platform.startsWith('Mac')
  return keys
    .split('+')
    .map(part =>
      part === 'Mod' ? (mac ? '⌘' : 'Ctrl') : part === 'Escape' ? 'Esc' : part.length === 1 ? part.toUpperCase() : part,
    )
    .join(mac ? '' : '+')
}
