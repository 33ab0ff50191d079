/** The text of a list's filter: what is typed shows at once, the list follows when the hand rests. */
import { Input } from 'antd'
import { useEffect, useRef, useState } from 'react'

/** Long enough for a fast typist's next letter, short enough to feel immediate. */
const REST_MS = 120

export interface FilterTextProps {
  /** What the list is filtered by now; an outside change (a cleared filter) is shown. */
  readonly value: string | undefined
  /** Placeholder and name for screen readers. */
  readonly label: string
  readonly className?: string
  /** Called with the text without blanks at its ends; undefined for no filter. */
  readonly onChange: (text: string | undefined) => void
}

export function FilterText({ value, label, className, onChange }: FilterTextProps) {
  const [text, setText] = useState(value ?? '')
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  // Letters of a pinyin that is still being composed are nobody's name.
  const isComposing = useRef(false)
  // What this box itself said last comes back as `value`, perhaps after the next letter: that must not undo the letter.
  const said = useRef(value)
  useEffect(() => {
    if (value !== said.current) setText(value ?? '')
    said.current = value
  }, [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const follow = (next: string): void => {
    clearTimeout(timer.current)
    if (isComposing.current) return
    timer.current = setTimeout(() => {
      said.current = next.trim() || undefined
      onChange(said.current)
    }, REST_MS)
  }
  return (
    <Input
      allowClear
      className={className}
      value={text}
      placeholder={label}
      aria-label={label}
      onChange={event => {
        setText(event.target.value)
        follow(event.target.value)
      }}
      onCompositionStart={() => {
        isComposing.current = true
        clearTimeout(timer.current)
      }}
      onCompositionEnd={event => {
        isComposing.current = false
        follow(event.currentTarget.value)
      }}
    />
  )
}
