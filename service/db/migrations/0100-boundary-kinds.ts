/**
 * Layers beside the development boundary (permanent farmland, ecological red lines, barriers), the planning bureau's opinion
 * on a parcel's side, and how a zone's outline came about.
 */
export const boundaryKinds = `
ALTER TABLE boundary_version ADD COLUMN kind TEXT;
ALTER TABLE parcel ADD COLUMN boundary_opinion TEXT;
ALTER TABLE zone ADD COLUMN outline_method TEXT;
`
