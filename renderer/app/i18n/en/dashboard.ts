/** Texts of the dashboard; the words of the picture itself stand in `shared/report/wall`. */
import { WALL_WORDS } from '../../../../shared/report/wall/words.ts'

export const dashboard = {
  dashboard: {
    period: 'Period',
    as_of: 'As of',
    year: '{{year}}',
    whole: 'Whole campaign',
    until: 'as of {{day}}',
    all_units: 'County',
    without_unit: 'No unit',
    targets: 'Targets',
    back: 'Back to the chart',
    picture: 'Export picture',
    picture_name: 'dashboard_{{year}}_{{day}}',
    full_screen: 'Full screen',
    leave: 'Leave (Esc)',
    no_targets:
      'No targets for {{period}} yet: below is what was done, without completion and lights. Type them, paste them from Excel or import them.',
    enter_targets: 'Enter targets',
    rows: '{{count}} records',
    on_map: 'On the map ({{count}} parcels)',
    find: 'Filter: name, parcel code',
    nothing: 'No records',
    more: '{{count}} more; narrow them down by the filter',
    targets_of: 'Targets, {{period}}',
    targets_hint:
      'An empty cell: no target. A block copied from Excel can be pasted into any cell. Without a target of its own the county has the sum of all units.',
    targets_name: 'targets {{period}}',
    target_table: 'Export as table',
    import_targets: 'Import Excel',
    save_targets: 'Save targets ({{count}})',
    saved: 'Saved {{count}} targets; Ctrl+Z takes it back',
    not_yours: 'Targets are entered by managers and data clerks',
    not_imported: 'Nothing was imported: {{count}} places have to be corrected first',
    row: 'Row {{row}}',
    filter: 'Dashboard',
    // The wall chart's own words: screen and picture say the same.
    indicator: WALL_WORDS.en.indicator,
    unit: WALL_WORDS.en.unit,
    unit_full: { enterprises: 'number', land: 'mu', energy: 'tce', carbon: 't', zones: 'number' },
    basis: {
      closing: 'closed out',
      reclamation: 'reclamation accepted',
      vacated: 'vacated and demolished',
      recovered: 'taken back',
      acceptance: 'accepted',
      rebound: 'rebound, taken off',
      removal: 'removed, taken off',
      earlier: 'imported closing',
    },
  },
}
