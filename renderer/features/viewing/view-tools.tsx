/** At the lower right of the map: views to come back to, and the view on paper. */
import { PrinterOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { setUi } from '../../app/ui-store.ts'
import { Bookmarks } from './bookmarks.tsx'
import { CompareButton } from './compare-bar.tsx'
import { PrintDialog } from './print-dialog.tsx'
import './viewing.css'

export function ViewTools({ file }: Readonly<{ file: string }>) {
  const { t } = useTranslation()
  return (
    <div className="view-tools">
      <Bookmarks file={file} />
      <CompareButton />
      <Button
        icon={<PrinterOutlined />}
        title={`${t('viewing.print')} (Ctrl+Shift+M)`}
        onClick={() => setUi({ printOpen: true })}
      >
        {t('viewing.print_short')}
      </Button>
      <PrintDialog />
    </div>
  )
}
