/** All shortcuts at a glance (?). */
import { Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import { setUi, useUi } from '../ui-store.ts'
import { type Command, keysText } from './command.ts'
import { commandTitle } from './use-commands.ts'

export function ShortcutList({ commands }: Readonly<{ commands: readonly Command[] }>) {
  const { t } = useTranslation()
  const open = useUi(state => state.shortcutsOpen)
  return (
    <Modal
      open={open}
      onCancel={() => setUi({ shortcutsOpen: false })}
      footer={null}
      title={t('shortcuts.title')}
      width={800}
      centered
    >
      <dl className="shortcuts">
        {commands
          .filter(command => command.keys)
          .map(command => (
            <div key={command.id}>
              <dt>{commandTitle(command, t)}</dt>
              <dd>
                {command.keys!.map(keys => (
                  <kbd key={keys}>{keysText(keys)}</kbd>
                ))}
              </dd>
            </div>
          ))}
      </dl>
    </Modal>
  )
}
