/** Names of coordinate systems for the list: Chinese from the catalogue, English made from it, for its words are few. */
import type { Crs } from '../../../shared/geometry/crs.ts'
import { language } from '../../app/i18n/i18n.ts'

const ENGLISH: readonly (readonly [RegExp, string])[] = [
  [/ 经纬度/, ', longitude and latitude'],
  [/墨卡托/, 'Mercator'],
  [/\(火星坐标\)/, ' (shifted, as in AMap)'],
  [/\(百度坐标\)/, ' (shifted, Baidu)'],
  [/(\d)度带 第(\d+)带\(带号\)/, '$1-degree zone $2 (eastings with zone number)'],
  [/(\d)度带 第(\d+)带/, '$1-degree zone $2'],
  [/(\d)度带 中央经线(\d+)°/, '$1-degree, central meridian $2°'],
]

export function crsLabel(crs: Crs): string {
  const name =
    language() === 'zh' ? crs.zh : ENGLISH.reduce((text, [pattern, words]) => text.replace(pattern, words), crs.zh)
  return `${name} (${crs.id})`
}
