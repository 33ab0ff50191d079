/** Colours and measures of the window. One accent; calm greys; class and side colours are kept for classes and sides only. */
import type { ThemeConfig } from 'antd'

export const themeConfig: ThemeConfig = {
  token: {
    colorPrimary: '#1f5fa8',
    colorInfo: '#1f5fa8',
    // Dark enough to be read as small text in tags and counts.
    colorWarning: '#ad6800',
    colorWarningBg: '#fff7e6',
    colorWarningBorder: '#ffd591',
    colorSuccess: '#2e7d32',
    colorSuccessBg: '#f1f9ee',
    colorSuccessBorder: '#b9dfae',
    colorError: '#c62828',
    colorErrorBg: '#fff2f0',
    colorErrorBorder: '#ffc2bd',
    colorText: '#1f2933',
    colorTextSecondary: '#5b6773',
    colorBorder: '#d5dae0',
    colorBorderSecondary: '#e6e9ed',
    colorBgLayout: '#f3f5f7',
    borderRadius: 4,
    fontSize: 13,
    fontFamily: '"Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Segoe UI", sans-serif',
    controlHeightSM: 24,
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
  },
  components: {
    Table: { cellPaddingBlockSM: 4, cellPaddingInlineSM: 8, headerBg: '#f3f5f7' },
    Form: { itemMarginBottom: 8, labelHeight: 24 },
    Tabs: { horizontalItemPaddingSM: '6px 0', horizontalItemGutter: 18 },
  },
}

/** A green, B blue, C yellow, D red: the trade's colours on the map and in tables. */
export const CLASS_COLORS: Readonly<Record<string, string>> = {
  A: '#2e9e5b',
  B: '#2f7fd1',
  C: '#d8a200',
  D: '#d24545',
  N: '#8a949e',
}
