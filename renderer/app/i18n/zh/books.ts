/** Texts of the registers. */
export const books = {
  books: {
    export: '导出台账',
    format: '格式',
    written: '已写入 {{file}}',
    all: '合计',
    count: {
      checked: '已查',
      failed: '不合格',
      rectified: '已整改',
      open: '未整改',
      overdue: '其中逾期',
      without_deadline: '其中未定期限',
    },
  },
} as const
