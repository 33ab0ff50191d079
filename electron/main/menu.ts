/** The application menu, Chinese or English. Its commands go to the window; it does nothing by itself. */
import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../shared/contract/desktop.ts'

export type Language = 'zh' | 'en'

const TEXTS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  file: ['文件', 'File'],
  'survey.new': ['新建调查…', 'New survey…'],
  'survey.open': ['打开调查…', 'Open survey…'],
  'survey.demo': ['打开示例数据', 'Open demo survey'],
  import: ['导入…', 'Import…'],
  export: ['导出…', 'Export…'],
  settings: ['设置', 'Settings'],
  quit: ['退出', 'Quit'],
  edit: ['编辑', 'Edit'],
  undo: ['撤销', 'Undo'],
  redo: ['重做', 'Redo'],
  cut: ['剪切', 'Cut'],
  copy: ['复制', 'Copy'],
  paste: ['粘贴', 'Paste'],
  selectAll: ['全选', 'Select all'],
  view: ['视图', 'View'],
  palette: ['命令面板', 'Command palette'],
  zoomIn: ['放大界面', 'Zoom in'],
  zoomOut: ['缩小界面', 'Zoom out'],
  resetZoom: ['恢复界面大小', 'Actual size'],
  fullScreen: ['全屏', 'Full screen'],
  devTools: ['开发者工具', 'Developer tools'],
  help: ['帮助', 'Help'],
  'help.about': ['关于 Lowland', 'About Lowland'],
  'unsaved.stay': ['返回', 'Stay'],
  'unsaved.leave': ['仍然关闭', 'Close anyway'],
  'unsaved.message': ['还有内容没有保存', 'Something is not saved yet'],
  'unsaved.detail': [
    '正在保存，或有一处填写不能保存；返回可查看并改正。',
    'It is being saved, or a value cannot be saved; stay to see and mend it.',
  ],
}

let shown: Language = 'zh'

/** A text of the main process in the language of the menu. */
export function mainText(key: string): string {
  return TEXTS[key]?.[shown === 'zh' ? 0 : 1] ?? key
}

export function setMenu(language: Language, send: (command: MenuCommand) => void): void {
  shown = language
  const text = mainText
  // Undo and redo have no accelerator here: in a text field the page itself decides what they mean.
  const command = (id: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label: text(id),
    ...(accelerator ? { accelerator } : {}),
    click: () => send(id),
  })
  const role = (key: string, name: MenuItemConstructorOptions['role']): MenuItemConstructorOptions => ({
    label: text(key),
    role: name,
  })
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const template: MenuItemConstructorOptions[] = [
    {
      label: text('file'),
      submenu: [
        command('survey.new'),
        command('survey.open', 'CmdOrCtrl+O'),
        command('survey.demo'),
        separator,
        command('import'),
        command('export'),
        separator,
        command('settings', 'CmdOrCtrl+,'),
        separator,
        role('quit', 'quit'),
      ],
    },
    {
      label: text('edit'),
      submenu: [
        command('undo'),
        command('redo'),
        separator,
        role('cut', 'cut'),
        role('copy', 'copy'),
        role('paste', 'paste'),
        role('selectAll', 'selectAll'),
      ],
    },
    {
      label: text('view'),
      submenu: [
        command('palette'),
        separator,
        role('zoomIn', 'zoomIn'),
        role('zoomOut', 'zoomOut'),
        role('resetZoom', 'resetZoom'),
        role('fullScreen', 'togglefullscreen'),
        separator,
        role('devTools', 'toggleDevTools'),
      ],
    },
    { label: text('help'), submenu: [command('help.about')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
