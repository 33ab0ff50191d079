/**
 * The 18 units that are scored in Lanxi (330781): 16 townships with the codes of the National Bureau of Statistics (2023 list)
 * and the two industrial zones, which have no statistical code and carry internal ones. Data table.
 */
export interface ReportUnit {
  readonly code: string
  readonly name: string
  readonly name_en: string
  readonly kind: 'street' | 'town' | 'township' | 'zone'
}

export const LANXI_UNITS: readonly ReportUnit[] = [
  { code: '330781001', name: '兰江街道', name_en: 'Lanjiang Subdistrict', kind: 'street' },
  { code: '330781002', name: '云山街道', name_en: 'Yunshan Subdistrict', kind: 'street' },
  { code: '330781004', name: '永昌街道', name_en: 'Yongchang Subdistrict', kind: 'street' },
  { code: '330781005', name: '赤溪街道', name_en: 'Chixi Subdistrict', kind: 'street' },
  { code: '330781006', name: '女埠街道', name_en: 'Nübu Subdistrict', kind: 'street' },
  { code: '330781007', name: '上华街道', name_en: 'Shanghua Subdistrict', kind: 'street' },
  { code: '330781102', name: '游埠镇', name_en: 'Youbu Town', kind: 'town' },
  { code: '330781104', name: '诸葛镇', name_en: 'Zhuge Town', kind: 'town' },
  { code: '330781106', name: '黄店镇', name_en: 'Huangdian Town', kind: 'town' },
  { code: '330781108', name: '香溪镇', name_en: 'Xiangxi Town', kind: 'town' },
  { code: '330781109', name: '马涧镇', name_en: 'Majian Town', kind: 'town' },
  { code: '330781111', name: '梅江镇', name_en: 'Meijiang Town', kind: 'town' },
  { code: '330781112', name: '横溪镇', name_en: 'Hengxi Town', kind: 'town' },
  { code: '330781200', name: '灵洞乡', name_en: 'Lingdong Township', kind: 'township' },
  { code: '330781203', name: '水亭畲族乡', name_en: 'Shuiting She Township', kind: 'township' },
  { code: '330781209', name: '柏社乡', name_en: 'Baishe Township', kind: 'township' },
  { code: '330781E01', name: '兰溪经济开发区', name_en: 'Lanxi Economic Development Zone', kind: 'zone' },
  { code: '330781E02', name: '兰溪高新园区', name_en: 'Lanxi High-tech Zone', kind: 'zone' },
]

/** Geographic extent of Lanxi with ±5 km, lng/lat degrees [west, south, east, north]: the import guard. */
export const LANXI_GUARD_BOX: readonly [number, number, number, number] = [119.173, 28.976, 119.949, 29.504]
