/** Texts of the reports page. */
export const reports = {
  report: {
    zones: '连片整治区域报告',
    zones_hint: '{{year}} 年 {{count}} 片;四种格式数据一致',
    all_zones: '全部区域',
    format: {
      pdf: 'PDF',
      docx: 'Word',
      xlsx: 'Excel',
      geojson: 'GeoJSON',
    },
    export_zones: '导出连片报告',
    folder: '保存到文件夹',
    ledger: '企业清单台账',
    ledger_hint: '{{year}} 年全部企业,Excel',
    export_ledger: '导出企业台账',
    periodic: '月报、季报与年度考核',
    periodic_hint: '按销号日期计数;未发布前均为草稿',
    kind: { monthly: '月报表', quarterly: '季度通报', annual: '年度考核表' },
    month: '月',
    quarter: '{{year}} 年第 {{quarter}} 季度',
    export_periodic: '导出{{kind}}',
    export: '数据导出',
    export_hint: '导出的地块可原样再导入',
    what: {
      parcels: '地块',
      enterprises: '企业',
      zones: '连片区域',
    },
    export_button: '导出{{what}}',
    made: '已生成({{count}}),用时 {{seconds}} 秒',
  },
} as const
