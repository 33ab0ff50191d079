/**
 * Names of the land class codes that industrial land carries: GB/T 21010 of the land survey and the 2020 classification of
 * spatial planning (domain §3; not verified beyond these). Other codes are printed as they are.
 */
const LAND_CLASSES: Readonly<Record<string, string>> = {
  '0508': '物流仓储用地',
  '0601': '工业用地',
  '0602': '采矿用地',
  '1001': '工业用地',
  '100101': '一类工业用地',
  '100102': '二类工业用地',
  '100103': '三类工业用地',
  '1101': '物流仓储用地',
}

/** `0601 工业用地`; a text without a known code stays as it is, unknown stays null. */
export function landClassName(code: string | null): string | null {
  const name = code === null ? undefined : LAND_CLASSES[code.trim()]
  return name === undefined ? code : `${code!.trim()} ${name}`
}
