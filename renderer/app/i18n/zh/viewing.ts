/** Texts about looking at the map: coordinates, bookmarks, comparing versions, printing. */
export const viewing = {
  viewing: {
    system: '坐标显示方式',
    systems: {
      degrees: '度',
      dms: '度分秒',
      EPSG_4549: 'EPSG:4549',
      EPSG_4528: 'EPSG:4528',
    },
    too_far: '不在本带',
    place: '坐标',
    bookmarks: '书签',
    bookmark_name: '书签名称',
    bookmark_default: '书签 {{number}}',
    bookmark_add: '保存当前视图',
    bookmark_remove: '删除书签“{{name}}”',
    bookmark_none: '还没有书签。保存当前视图后,可一键回到这里',
    bookmark_saved: '已保存书签“{{name}}”',
  },
} as const
