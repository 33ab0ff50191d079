/** Texts about looking at the map: coordinates, bookmarks, comparing versions, printing. */
export const viewing = {
  viewing: {
    system: 'How coordinates are shown',
    systems: {
      degrees: 'Degrees',
      dms: 'D° M′ S″',
      EPSG_4549: 'EPSG:4549',
      EPSG_4528: 'EPSG:4528',
    },
    too_far: 'outside this zone',
    place: 'Place',
    bookmarks: 'Bookmarks',
    bookmark_name: 'Name of the bookmark',
    bookmark_default: 'Bookmark {{number}}',
    bookmark_add: 'Keep this view',
    bookmark_remove: 'Remove the bookmark “{{name}}”',
    bookmark_none: 'No bookmarks yet. Keep a view to come back to it at once',
    bookmark_saved: 'Bookmark “{{name}}” kept',
  },
} as const
