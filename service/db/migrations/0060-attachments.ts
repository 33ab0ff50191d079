/** Photos are found by owner, by the bytes they share, and by place. */
export const attachmentIndexes = `
CREATE INDEX attachment_owner ON attachment (owner_entity, owner_id) WHERE owner_id IS NOT NULL;
CREATE INDEX attachment_sha256 ON attachment (sha256);
CREATE INDEX attachment_place ON attachment (longitude, latitude) WHERE longitude IS NOT NULL;
`
