/** `sync_record_id` finds a record as well; keeping both cost a write for every record that came. */
export const dropDoubleIndex = 'DROP INDEX IF EXISTS sync_record_key;'
