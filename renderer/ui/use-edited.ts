/**
 * A list or an object that is stored as one value and changed in parts. The next part is changed on top of the last one, not
 * on top of what the service has answered so far: two quick choices must not lose one.
 */
import { useEffect, useRef, useState } from 'react'

/** The value to show, and a way to change it; `write` stores the whole and may reject, then the stored value shows again. */
export function useEdited<T>(
  stored: T,
  write: (value: T) => Promise<unknown>,
): readonly [T, (change: (now: T) => T) => Promise<void>] {
  const [edited, setEdited] = useState<{ readonly value: T } | null>(null)
  const writing = useRef(0)
  const shown = edited ? edited.value : stored
  const now = useRef(shown)
  now.current = shown
  const text = JSON.stringify(stored)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is the trigger: what came from elsewhere shows.
  useEffect(() => {
    if (writing.current === 0) setEdited(null)
  }, [text])
  const change = async (part: (now: T) => T): Promise<void> => {
    const value = part(now.current)
    now.current = value
    setEdited({ value })
    writing.current++
    try {
      await write(value)
    } catch (error) {
      setEdited(null)
      throw error
    } finally {
      writing.current--
    }
  }
  return [shown, change]
}
