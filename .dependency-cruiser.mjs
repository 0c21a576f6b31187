/**
 * The arrows of docs/architecture.md. Modules in order; each may import those before it, and only their index.ts.
 * test/meta/architecture.test.ts plants a violation to prove that this file is not blind.
 */
const LAYERS = [
  ['platform', 'messages'],
  ['identity', 'audit', 'gateway', 'benefits'],
  ['facilities', 'catalogues'],
  ['patients'],
  ['encounters'],
  ['billing'],
  ['claims'],
  ['assessment'],
  ['exports'],
];
const MODULES = LAYERS.flat();
/** The outermost ring: routes, commands, the demo, seeding and the composition of processes. */
const RING = '^(src/(api|commands|demo|seed|runtime|main\\.ts|config\\.ts)|workers)';

const upward = LAYERS.slice(0, -1).map((layer, index) => ({
  name: `arrow-${layer[0]}`,
  comment: 'a lower module imports a higher one',
  severity: 'error',
  from: { path: `^src/(${layer.join('|')})/`, pathNot: '\\.test\\.ts$' },
  to: {
    path: `^src/(${LAYERS.slice(index + 1)
      .flat()
      .join('|')})/`,
  },
}));

export default {
  forbidden: [
    ...upward,
    {
      name: 'pure-benefits',
      comment: 'the law knows no database, no queue and no clock',
      severity: 'error',
      from: { path: '^src/benefits/' },
      to: { path: '^src/(platform/(database|queue|http|embedded)|identity|audit|gateway)/' },
    },
    {
      name: 'ring-is-outermost',
      comment: 'nothing inside imports routes, commands, the demo or workers',
      severity: 'error',
      from: { path: `^src/(${MODULES.join('|')})/`, pathNot: '\\.test\\.ts$' },
      to: { path: RING },
    },
    {
      name: 'only-the-face',
      comment:
        "another module is entered through its index.ts (platform and messages are a library; the list of all entities reads entity files; the demo reads claim files without the claims' database)",
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: `^src/(${MODULES.filter((name) => name !== 'platform' && name !== 'messages').join('|')})/`,
        pathNot: [
          '^src/$1/',
          '/index\\.ts$',
          '\\.entity\\.ts$',
          '^src/claims/(reader|totals|errors|tables)\\.ts$',
        ],
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-test',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^test/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: false,
  },
};
