/** Texts about basemaps. */
export const basemaps = {
  basemap: {
    title: 'Basemaps',
    none: 'No basemaps yet. Open an MBTiles or PMTiles file; it is not copied',
    add: 'Open a basemap file',
    files: 'Raster basemaps',
    up: 'Move {{name}} up',
    down: 'Move {{name}} down',
    remove: 'Remove {{name}} (the file stays)',
    opacity: 'Opacity of {{name}}',
    gcj02_hint: 'This basemap is in GCJ-02 (tiles of Chinese web maps); its shift is corrected when shown',
    fly: 'Go there',
    added: 'Basemap {{name}} opened',
  },
} as const
