/**
 * Layer rules: the path of a file says where it may run. Type imports count like any other import.
 * Test files may import everything; they are not part of any layer.
 */
const TEST = '\\.(test|spec)\\.tsx?$'
const within = folder => ({ path: `^${folder}/`, pathNot: TEST })
const onlyTo = (name, folder, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: within(folder),
  to: { path: '^(shared|service|electron|cli|renderer|hub|tools|test)/', pathNot: `^(${allowed.join('|')})/` },
})

module.exports = {
  forbidden: [
    onlyTo('shared-is-alone', 'shared', ['shared'], 'shared/ is the bottom layer'),
    onlyTo('service-to-shared', 'service', ['service', 'shared'], 'service/ knows no host and no window'),
    onlyTo('renderer-to-shared', 'renderer', ['renderer', 'shared'], 'the window talks to the service by the contract'),
    onlyTo('main-to-shared', 'electron/(main|preload)', ['electron', 'shared'], 'main leaves the data path'),
    onlyTo('service-host-to-service', 'electron/service-host', ['electron/service-host', 'service', 'shared'], ''),
    onlyTo(
      'cli-to-service',
      'cli',
      ['cli', 'service', 'hub', 'shared'],
      'cli/ is a host of the service and starts the hub',
    ),
    onlyTo('hub-to-shared', 'hub', ['hub', 'shared'], 'hub/ is a separate program'),
    {
      name: 'no-node-in-pure-layers',
      comment: 'shared/ and renderer/ run where there is no Node',
      severity: 'error',
      from: { path: '^(shared|renderer)/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'sqlite-only-in-service-db',
      severity: 'error',
      from: { pathNot: `^(service/db|hub/storage)/|${TEST}` },
      to: { path: '(^|node_modules/)(@types/)?better-sqlite3(/|$)' },
    },
    {
      name: 'leaflet-only-in-renderer-map',
      severity: 'error',
      from: { pathNot: `^(renderer/map|test/bench/map)/|${TEST}` },
      to: { path: '(^|node_modules/)(@types/leaflet|leaflet|react-leaflet|@react-leaflet)(/|$)' },
    },
    {
      name: 'electron-only-in-electron',
      severity: 'error',
      from: { pathNot: '^electron/' },
      to: { path: '^electron$|node_modules/electron/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(out|\\.tsout)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: { conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
}
