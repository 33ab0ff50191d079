/** Texts of the worklists. */
export const todo = {
  todo: {
    list: {
      drafts: '草稿与退回的方案',
      review: '已提交、待审核的方案',
      disagree: '标注与判定不一致的地块',
      crossing: '跨界、尚未标注的地块',
      unplanned: '已列入清单、未编方案的企业',
      unlinked: '未关联地块的企业',
    },
    hint: {
      drafts: '补齐缺项后提交',
      review: '审核人逐项核对',
      disagree: '核对边界,改标注或补理由',
      crossing: '现场核实后标注处置侧',
      unplanned: '一企一策:新建方案',
      unlinked: '在地图上选地块关联',
    },
    nothing: '这一项没有待办',
    due: '限 {{date}}',
    more: '另有 {{count}} 项,处理后依次显示',
  },
} as const
