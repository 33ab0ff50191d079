/**
 * Colours of themes and boundaries, one source for the map on the screen and the printed sheet. The four class colours
 * (green, blue, yellow, red) belong to the classes A to D and are not used for states. Data table.
 */

export const SIDE_COLOURS: Readonly<Record<string, string>> = {
  inside: '#2f74c0',
  outside: '#e8862e',
  crossing: '#8a5a9e',
  unknown: '#8c939c',
}

export const STATE_COLOURS: Readonly<Record<string, string>> = {
  '': '#b9bec5',
  S0: '#8d96a3',
  S1: '#c3a878',
  S2: '#9c7a54',
  S3: '#dd7f63',
  S4: '#c56fb0',
  S5: '#7766cc',
  S6: '#4a9cc9',
  S7: '#1f8f86',
  S8: '#79c2b4',
  S9: '#5c6470',
  SX: '#cfd3d8',
}

/** The trade's four colours (秀洲 and others: 绿 蓝 黄 红); not rated is grey. */
export const CLASS_COLOURS: Readonly<Record<string, string>> = {
  '': '#b9bec5',
  A: '#3a9a4a',
  B: '#2f6fd0',
  C: '#e0b400',
  D: '#d03a34',
  N: '#8c939c',
}

/** Dark where little is paid: what has to be looked at stands out. */
export const TAX_COLOURS: Readonly<Record<string, string>> = {
  '': '#b9bec5',
  '0': '#7a1f5c',
  '1': '#a94b86',
  '3': '#c98bb0',
  '5': '#a9c4c0',
  '10': '#5f9f98',
  '20': '#1f6f68',
}

/** What can still be had stands out; the further a project is, the calmer. */
export const FREED_COLOURS: Readonly<Record<string, string>> = {
  '': '#cfd3d8',
  available: '#d1495b',
  signed: '#edae49',
  supplied: '#8fb339',
  started: '#30a2a0',
  completed: '#2e6f95',
  in_production: '#3d348b',
}

/** Neighbouring years are told apart; they come round after eight. */
const YEAR_TONES = ['#4e79a7', '#f28e2b', '#59a14f', '#b07aa1', '#e15759', '#76b7b2', '#9c755f', '#edc948']

export function colourOfYear(code: string): string {
  return code === '' ? '#b9bec5' : YEAR_TONES[Number(code) % YEAR_TONES.length]!
}

/** Eighteen tones for the scored units; a nineteenth unit starts anew. */
const UNIT_TONES = [
  '#4e79a7',
  '#f28e2b',
  '#76b7b2',
  '#b07aa1',
  '#9c755f',
  '#59a14f',
  '#edc948',
  '#e15759',
  '#86bcb6',
  '#d37295',
  '#a0cbe8',
  '#b6992d',
  '#499894',
  '#d4a6c8',
  '#79706e',
  '#8cd17d',
  '#f1ce63',
  '#ff9d9a',
]

export function colourOfUnit(code: string, units: readonly { readonly code: string }[]): string {
  const index = units.findIndex(unit => unit.code === code)
  return index < 0 ? '#b9bec5' : UNIT_TONES[index % UNIT_TONES.length]!
}

export const BOUNDARY_COLOURS: Readonly<Record<string, string>> = {
  concentrated: '#c2255c',
  flexible: '#9c36b5',
  special: '#5f3dc4',
  unspecified: '#c2255c',
}
