/** Ends a switch over a closed union: a new member fails the type check here, and an impossible value fails loudly. */
export function exhaustive(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
