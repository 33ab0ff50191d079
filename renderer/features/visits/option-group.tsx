/**
 * Answers as buttons with a key each: digits choose, Tab goes on. A single answer chosen by key leads on to the next group
 * by itself, so that a form is filled in without looking for the mouse.
 */
import type { KeyboardEvent } from 'react'

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-', '=']

export interface Option {
  readonly value: string
  readonly label: string
}

export function OptionGroup({
  name,
  field,
  options,
  value,
  many = false,
  disabled,
  onChange,
}: Readonly<{
  name: string
  field: string
  options: readonly Option[]
  value: readonly string[]
  many?: boolean
  disabled: boolean
  onChange: (value: string[]) => void
}>) {
  const choose = (code: string): void => {
    const isOn = value.includes(code)
    if (many) onChange(isOn ? value.filter(other => other !== code) : [...value, code])
    else onChange(isOn ? [] : [code])
  }
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || disabled) return
    const at = KEYS.indexOf(event.key)
    const option = at < 0 ? undefined : options[at]
    if (!option) return
    // Digits mark the side of the selected parcel elsewhere.
    event.preventDefault()
    event.stopPropagation()
    if (many) choose(option.value)
    else {
      onChange([option.value])
      focusNext(event.currentTarget)
    }
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a flex row in old Chrome, and takes no focus.
    <div
      role="group"
      aria-label={name}
      className="option-group"
      data-field={field}
      data-visit-stop=""
      tabIndex={disabled ? -1 : 0}
      onKeyDown={onKeyDown}
    >
      {options.map((option, index) => (
        <button
          key={option.value}
          type="button"
          tabIndex={-1}
          disabled={disabled}
          aria-pressed={value.includes(option.value)}
          className={value.includes(option.value) ? 'option option-on' : 'option'}
          onClick={() => choose(option.value)}
        >
          <kbd>{KEYS[index]}</kbd>
          {option.label}
        </button>
      ))}
    </div>
  )
}

/** The next stop of the form after this element. */
export function focusNext(element: HTMLElement): void {
  const stops = [...(element.closest('.visit-form')?.querySelectorAll<HTMLElement>('[data-visit-stop]') ?? [])]
  const next = stops[stops.indexOf(element) + 1]
  next?.focus()
}
