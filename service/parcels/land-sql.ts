/**
 * Land and what it came from, as SQL: what was written down of a parcel before it was divided goes on speaking of its parts
 * (`parent_id`; `service/parcels/lineage.ts`).
 */

/** Parents of parents are followed this far. */
const MAX_DEPTH = 20

/**
 * `WITH … land (owner, id, depth)`: parcels that live enterprises use, and the parcels that these were parts of. `where` and
 * `condition` restrict the occupancies; they are SQL of the caller, never input.
 */
export function landOf(where: string, condition: string): string {
  return `WITH RECURSIVE land (owner, id, depth) AS (
    SELECT DISTINCT enterprise_id, parcel_id, 0 FROM occupancy ${where} ${condition} AND deleted = 0
    UNION SELECT land.owner, p.parent_id, land.depth + 1 FROM land JOIN parcel p ON p.id = land.id
      WHERE p.parent_id IS NOT NULL AND land.depth < ${MAX_DEPTH})`
}

/** `WITH … line (id, depth)`: a parcel (`:parcel`) and the parcels that it was a part of. */
export const PARCEL_LINE = `WITH RECURSIVE line (id, depth) AS (
    SELECT :parcel, 0
    UNION SELECT p.parent_id, line.depth + 1 FROM line JOIN parcel p ON p.id = line.id
      WHERE p.parent_id IS NOT NULL AND line.depth < ${MAX_DEPTH})`

/** `WITH … parts (root, id, depth)`: the parcels of `source` (SQL, a column `id`) and the parts that they were divided into. */
export function partsOf(source: string): string {
  return `WITH RECURSIVE parts (root, id, depth) AS (
    SELECT id, id, 0 FROM (${source})
    UNION SELECT parts.root, p.id, parts.depth + 1 FROM parts JOIN parcel p ON p.parent_id = parts.id
      WHERE parts.depth < ${MAX_DEPTH})`
}
