/** Texts of the registers. */
export const books = {
  books: {
    export: 'Export register',
    format: 'Format',
    written: '{{file}} written',
    all: 'Total',
    count: {
      checked: 'Checked',
      failed: 'Failed',
      rectified: 'Put right',
      open: 'Open',
      overdue: 'Overdue',
      without_deadline: 'No deadline',
    },
  },
} as const
