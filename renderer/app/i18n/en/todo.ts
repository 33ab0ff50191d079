/** Texts of the worklists. */
export const todo = {
  todo: {
    list: {
      drafts: 'Plans: drafts and returned',
      review: 'Plans submitted for review',
      disagree: 'Parcels: mark differs from computed side',
      crossing: 'Parcels: crossing and not marked',
      unplanned: 'Enterprises listed without a plan',
      unlinked: 'Enterprises without parcels',
    },
    hint: {
      drafts: 'Complete what is missing, then submit',
      review: 'To be checked item by item',
      disagree: 'Check the line; mend the mark or its reason',
      crossing: 'Look on site, then mark the side',
      unplanned: 'One plan per enterprise: draft it',
      unlinked: 'Choose the parcel on the map and link',
    },
    nothing: 'Nothing waits here',
    due: 'due {{date}}',
    more: '{{count}} more follow once these are done',
  },
} as const
