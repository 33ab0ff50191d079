/** Texts of the registers. */
export const books = {
  books: {
    export: 'Export register',
    format: 'Format',
    written: '{{file}} written',
    all: 'Total',
    from_enterprise:
      'Checks are filled in under “Closed loop” of an enterprise, with deadline and the day they were put right',
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
