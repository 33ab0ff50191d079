/** Texts of the registers. */
export const books = {
  books: {
    export: '导出台账',
    format: '格式',
    written: '已写入 {{file}}',
    all: '合计',
    from_enterprise: '打开企业，在“闭环”页签填写检查结果、整改期限和整改完成日期',
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
