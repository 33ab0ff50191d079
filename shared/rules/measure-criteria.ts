/**
 * What each kind of measure is accepted by, in words, and the evidence it takes (domain §11.4, "Evidence per measure"). The
 * items carry the names that `closed-loop/evidence.ts` says are missing (`evidence_<item>`); a test keeps the two together.
 */

export const MEASURE_CRITERIA: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  M1: {
    zh: '能效诊断报告和整治前后能耗数据齐全',
    en: 'Energy diagnosis report, energy figures before and after',
  },
  M2: {
    zh: '用能优化前后能耗数据齐全，单位增加值能耗达到目标值',
    en: 'Energy figures before and after; energy per value added meets the target',
  },
  M3: { zh: '股权或不动产变更登记完成', en: 'Change of shares or of the title is registered' },
  M4: {
    zh: '停产断电、设备清空，营业执照注销或迁出',
    en: 'Stopped and cut off, equipment gone, licence cancelled or moved',
  },
  M5: { zh: '新址投产，原址腾空', en: 'In production on the new site, old site vacated' },
  M6: {
    zh: '项目备案、竣工，一个评价年度数据达到目标值',
    en: 'Project filed and completed, one year of figures meets the targets',
  },
  M7: {
    zh: '停产断电、设备清空，营业执照注销或迁出',
    en: 'Stopped and cut off, equipment gone, licence cancelled or moved',
  },
  M8: { zh: '各部门复查合格，无未闭环问题', en: 'All departments satisfied on re-check, nothing left open' },
  M9: { zh: '收回(收购)协议签订并完成注销登记', en: 'Recovery or purchase agreement signed, title cancelled' },
  M10: {
    zh: '建筑拆除，复垦验收文号下达，新增耕地入库',
    en: 'Demolished, reclamation accepted with number, new farmland entered',
  },
}

/** Where an item is shown to be there: a scan of that kind, a dated milestone, figures, checks or a reclamation record. */
export type EvidencePlace = 'file' | 'milestone' | 'years' | 'checks' | 'reclamation'

export const EVIDENCE_ITEMS: Readonly<Record<string, readonly (readonly [item: string, place: EvidencePlace])[]>> = {
  M1: [
    ['energy', 'file'],
    ['energy_years', 'years'],
  ],
  M2: [
    ['energy', 'file'],
    ['energy_years', 'years'],
  ],
  M3: [['licence', 'file']],
  M4: [
    ['power_cut', 'file'],
    ['vacated', 'milestone'],
    ['deregistration', 'file'],
  ],
  M5: [
    ['in_production', 'milestone'],
    ['vacated', 'milestone'],
  ],
  M6: [
    ['filed', 'milestone'],
    ['completed', 'milestone'],
    ['target_year', 'years'],
  ],
  M7: [
    ['power_cut', 'file'],
    ['vacated', 'milestone'],
    ['deregistration', 'file'],
  ],
  M8: [['recheck', 'checks']],
  M9: [
    ['agreement', 'file'],
    ['deregistration', 'file'],
  ],
  M10: [
    ['demolished', 'milestone'],
    ['reclamation', 'reclamation'],
  ],
}
