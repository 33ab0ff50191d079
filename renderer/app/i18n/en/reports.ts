/** English of `zh/reports.ts`. */
export const reports = {
  report: {
    zones: 'Zone report',
    zones_hint: '{{count}} zones of {{year}}; the same figures in all formats',
    all_zones: 'All zones',
    format: {
      pdf: 'PDF',
      docx: 'Word',
      xlsx: 'Excel',
      geojson: 'GeoJSON',
    },
    export_zones: 'Export zone report',
    folder: 'Save into folder',
    ledger: 'Enterprise ledger',
    ledger_hint: 'All enterprises of {{year}}, Excel',
    export_ledger: 'Export ledger',
    periodic: 'Monthly, quarterly and annual',
    periodic_hint: 'Counted by the day of closing; drafts until published',
    kind: { monthly: 'Monthly table', quarterly: 'Quarterly bulletin', annual: 'Annual assessment' },
    month: 'month',
    quarter: 'Quarter {{quarter}} of {{year}}',
    export_periodic: 'Export: {{kind}}',
    export: 'Export data',
    export_hint: 'Exported parcels can be imported again unchanged',
    what: {
      parcels: 'Parcels',
      enterprises: 'Enterprises',
      zones: 'Zones',
    },
    export_button: 'Export {{what}}',
    made: 'Made ({{count}}) in {{seconds}} s',
  },
} as const
