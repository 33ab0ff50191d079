/** Texts about basemaps. */
export const basemaps = {
  basemap: {
    title: '底图',
    none: '还没有底图。可打开 MBTiles 或 PMTiles 文件,文件不会被复制',
    add: '打开底图文件',
    files: '栅格底图',
    up: '上移 {{name}}',
    down: '下移 {{name}}',
    remove: '移除 {{name}}(文件保留)',
    opacity: '{{name}} 的不透明度',
    gcj02_hint: '此底图为 GCJ-02 坐标(如网络地图下载的图块),显示时纠正偏移',
    fly: '定位',
    added: '已打开底图 {{name}}',
  },
} as const
