/** Days and minutes of this trade are those of China, wherever the program runs: a list, a report and an acceptance agree on "today". */

const OFFSET_MS = 8 * 3_600_000

/** The calendar day in China, YYYY-MM-DD. */
export function chinaDate(now: Date): string {
  return new Date(now.getTime() + OFFSET_MS).toISOString().slice(0, 10)
}

/** Day and minute in China, `2022-12-05 10:00`. */
export function chinaMinute(now: Date): string {
  return new Date(now.getTime() + OFFSET_MS).toISOString().slice(0, 16).replace('T', ' ')
}
