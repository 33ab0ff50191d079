/** Every command by name: Ctrl+K, type, Enter. */
import { Input, Modal } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNotify } from '../notify.ts'
import { setUi, useUi } from '../ui-store.ts'
import { type Command, keysText } from './command.ts'
import { commandTitle } from './use-commands.ts'

export function CommandPalette({ commands }: Readonly<{ commands: readonly Command[] }>) {
  const { t } = useTranslation()
  const notify = useNotify()
  const open = useUi(state => state.paletteOpen)
  const [text, setText] = useState('')
  const [active, setActive] = useState(0)
  const shown = useMemo(() => {
    const wanted = text.trim().toLowerCase()
    return commands.filter(
      command => command.listed !== false && `${commandTitle(command, t)} ${command.id}`.toLowerCase().includes(wanted),
    )
  }, [commands, text, t])
  const close = (): void => {
    setUi({ paletteOpen: false })
    setText('')
  }
  const run = (command: Command | undefined): void => {
    if (!command || command.disabled) return
    close()
    void Promise.resolve(command.run()).catch(notify.error)
  }
  return (
    <Modal
      open={open}
      onCancel={close}
      footer={null}
      closable={false}
      width={520}
      destroyOnHidden
      className="palette"
      aria-label={t('command.palette')}
    >
      <Input
        autoFocus
        size="middle"
        value={text}
        placeholder={t('palette.placeholder')}
        onChange={event => {
          setText(event.target.value)
          setActive(0)
        }}
        onKeyDown={event => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'ArrowDown') setActive(index => Math.min(shown.length - 1, index + 1))
          else if (event.key === 'ArrowUp') setActive(index => Math.max(0, index - 1))
          else if (event.key === 'Enter') run(shown[active])
          else return
          event.preventDefault()
        }}
      />
      <div className="palette-list" role="listbox">
        {shown.length === 0 && <div className="palette-empty">{t('palette.empty')}</div>}
        {shown.map((command, index) => (
          <button
            key={command.id}
            type="button"
            role="option"
            aria-selected={index === active}
            className={index === active ? 'palette-item palette-item-active' : 'palette-item'}
            disabled={Boolean(command.disabled)}
            onMouseMove={() => setActive(index)}
            onClick={() => run(command)}
          >
            <span>{commandTitle(command, t)}</span>
            {command.disabled ? (
              <em>{t(`disabled.${command.disabled}`)}</em>
            ) : (
              command.keys?.[0] && <kbd>{keysText(command.keys[0])}</kbd>
            )}
          </button>
        ))}
      </div>
    </Modal>
  )
}
