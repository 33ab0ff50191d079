/** Texts of the freed-land ledger. */
export const freed = {
  freed: {
    status: 'Status',
    proposed: 'Proposed',
    year: 'Available in',
    enterprise: 'Former user',
    evidence: 'Evidence',
    by_hand: 'Entered by hand',
    proved_by: '{{what}} ({{how}}, {{date}})',
    problems: 'To be checked',
    filter_text: 'Filter: parcel, place, enterprise, project, investor',
    chosen: '{{count}} chosen',
    accepted: 'Took in {{count}} parcels; Ctrl+Z takes it back',
    accept_all: 'Take in all proposed ({{count}})',
    accept_some: 'Take in the chosen ({{count}})',
    accept_one: 'Take into the ledger',
    proposal_hint:
      'Records of the closed loop prove that {{area}} m² came free here. Once taken in, planned use, condition and project can be filled in.',
    keep_one: 'Keep this row only',
    keep_one_hint:
      'The other rows for this land are removed; what they say and this row does not is taken over. Can be undone.',
    kept: 'Row kept, {{count}} removed; Ctrl+Z undoes it',
    kept_lost:
      'Row kept, {{count}} removed; Ctrl+Z undoes it. The rows differed in, and this one stands for: {{fields}}',
    on_map: 'Freed land on the map',
    export: 'Export freed land',
    empty:
      'No freed land yet: once vacating and demolition, recovery, accepted reclamation or a part split off is on record, it is listed here by itself',
    empty_filter: 'No freed land matches',
    unplaced: 'Another {{area}} mu come from imported closings without parcels and cannot be listed',
    land: 'Land',
    project: 'Project that takes it',
    problem: {
      evidence_gone: 'Evidence no longer stands',
      evidence_less: 'Area above evidence',
      area_over: 'Areas exceed the parcel',
      parcel_gone: 'Parcel is gone',
      parcel_divided: 'Parcel was divided',
      nodes_order: 'Dates run backwards',
      recorded_twice: 'Recorded twice',
    },
    problem_long: {
      evidence_gone:
        'The evidence no longer stands: its record was removed or changed, or the enterprise rebounded or left the list. Check it, then delete this row or withdraw it.',
      evidence_less: 'The area is larger than what the evidence proves.',
      area_over: 'The rows of this parcel add up to more than the parcel: the same land may be listed twice.',
      parcel_gone: 'The parcel was deleted; there is no place on the map.',
      parcel_divided: 'The parcel was divided since; the map shows its parts.',
      nodes_order: 'The dates of the project run backwards; please check them.',
      recorded_twice:
        'The same land by the same evidence is recorded in more than one row (taken in on several computers), of which the totals count the first. Put the project into one row and delete the others or mark them as not supplied.',
    },
  },
}
