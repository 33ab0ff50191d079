/** The narrow rail on the left: pages by icon and word. */
import {
  ApartmentOutlined,
  BankOutlined,
  BorderOuterOutlined,
  CarryOutOutlined,
  DatabaseOutlined,
  FileDoneOutlined,
  FileSearchOutlined,
  FileTextOutlined,
  FundOutlined,
  GlobalOutlined,
  NodeIndexOutlined,
  ReadOutlined,
  SettingOutlined,
  SyncOutlined,
} from '@ant-design/icons'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { flushAll } from './save-state.ts'
import { PAGES, type Page, setUi, useUi } from './ui-store.ts'

const ICONS: Readonly<Record<Page, ComponentType<{ 'aria-hidden'?: boolean }>>> = {
  map: GlobalOutlined,
  todo: CarryOutOutlined,
  enterprises: BankOutlined,
  identify: FileSearchOutlined,
  plans: FileDoneOutlined,
  loop: NodeIndexOutlined,
  books: ReadOutlined,
  zones: ApartmentOutlined,
  boundaries: BorderOuterOutlined,
  data: DatabaseOutlined,
  reports: FileTextOutlined,
  dashboard: FundOutlined,
  sync: SyncOutlined,
  settings: SettingOutlined,
}

export function Rail() {
  const { t } = useTranslation()
  const current = useUi(state => state.page)
  const go = (page: Page): void => {
    flushAll()
    setUi({ page })
  }
  return (
    <nav className="rail" aria-label={t('side_bar')}>
      {PAGES.map(page => {
        const Icon = ICONS[page]
        return (
          <button
            key={page}
            type="button"
            className={page === current ? 'rail-item rail-item-current' : 'rail-item'}
            aria-current={page === current ? 'page' : undefined}
            onClick={() => go(page)}
          >
            <Icon aria-hidden />
            <span>{t(`page.${page}`)}</span>
          </button>
        )
      })}
    </nav>
  )
}
