/**
 * Sides of parcels stand in one narrow table and nowhere else: a line of parcels a few bytes wide is written in a tenth of
 * the time in which their records, outlines and all, are written anew (docs/decisions/0149-narrow-sides.md). Records are in
 * `parcel_record`; who reads `parcel` reads a view of them with the side under the version that is shown.
 */
export const narrowSides = `
-- The computed side of a parcel under a version of the boundary. Areas follow from the share and the parcel's own area.
CREATE TABLE parcel_side_narrow (
  boundary_pk INTEGER NOT NULL,
  parcel_pk INTEGER NOT NULL,
  side TEXT NOT NULL,
  inside_share REAL NOT NULL,
  subzones TEXT NOT NULL,
  PRIMARY KEY (boundary_pk, parcel_pk)
) STRICT, WITHOUT ROWID;
INSERT INTO parcel_side_narrow
  SELECT v.pk, s.parcel_pk, s.side, s.inside_share, s.subzones FROM parcel_side s JOIN boundary_version v ON v.id = s.boundary_id
  ORDER BY v.pk, s.parcel_pk;
DROP TABLE parcel_side;
ALTER TABLE parcel_side_narrow RENAME TO parcel_side;

-- The version whose sides parcels show: the one that decided when sides were last worked out. At most one row.
CREATE TABLE parcel_side_shown (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  boundary_pk INTEGER NOT NULL
) STRICT;
INSERT INTO parcel_side_shown
  SELECT 1, v.pk FROM boundary_version v
  WHERE v.deleted = 0 AND coalesce(v.kind, 'development') = 'development'
    AND EXISTS (SELECT 1 FROM parcel p WHERE p.inside_share IS NOT NULL)
  ORDER BY (v.status = 'active') DESC, v.effective_date DESC, v.pk DESC LIMIT 1;
-- What parcels show stays as it is, whatever was worked out for the version elsewhere.
DELETE FROM parcel_side WHERE boundary_pk = (SELECT boundary_pk FROM parcel_side_shown);
INSERT INTO parcel_side
  SELECT shown.boundary_pk, p.pk, p.side, p.inside_share, coalesce(p.subzones, '[]') FROM parcel_side_shown shown, parcel p
  WHERE p.side <> 'unknown' AND p.inside_share IS NOT NULL ORDER BY p.pk;

ALTER TABLE parcel RENAME TO parcel_record;
ALTER TABLE parcel_record DROP COLUMN side;
ALTER TABLE parcel_record DROP COLUMN area_in_m2;
ALTER TABLE parcel_record DROP COLUMN area_out_m2;
ALTER TABLE parcel_record DROP COLUMN inside_share;
ALTER TABLE parcel_record DROP COLUMN subzones;

-- One look-up for each column that is asked for, and none for those that are not; an outer join would be planned as a whole.
CREATE VIEW parcel AS SELECT r.*,
  coalesce((SELECT s.side FROM parcel_side s WHERE s.boundary_pk = (SELECT boundary_pk FROM parcel_side_shown)
    AND s.parcel_pk = r.pk), 'unknown') AS side,
  r.area_m2 * (SELECT s.inside_share FROM parcel_side s WHERE s.boundary_pk = (SELECT boundary_pk FROM parcel_side_shown)
    AND s.parcel_pk = r.pk) AS area_in_m2,
  r.area_m2 - r.area_m2 * (SELECT s.inside_share FROM parcel_side s
    WHERE s.boundary_pk = (SELECT boundary_pk FROM parcel_side_shown) AND s.parcel_pk = r.pk) AS area_out_m2,
  (SELECT s.inside_share FROM parcel_side s WHERE s.boundary_pk = (SELECT boundary_pk FROM parcel_side_shown)
    AND s.parcel_pk = r.pk) AS inside_share,
  (SELECT s.subzones FROM parcel_side s WHERE s.boundary_pk = (SELECT boundary_pk FROM parcel_side_shown)
    AND s.parcel_pk = r.pk) AS subzones
  FROM parcel_record r;
`
