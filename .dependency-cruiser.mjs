/**
 * The arrows of docs/architecture.md. Modules in order; each may import those before it, and only their index.ts.
 * test/meta/architecture.test.ts plants a violation to prove that this file is not blind.
 */
const LAYERS = [
  ['platform', 'messages'],
  ['identity', 'audit', 'gateway', 'benefits', 'signatures'],
  ['facilities', 'catalogues'],
  ['patients'],
  ['encounters'],
  ['billing'],
  ['claims'],
  ['assessment'],
  ['exports'],
  ['insurer'],
  ['reports'],
];
const MODULES = LAYERS.flat();
/** The outermost ring: routes, commands, the demo, seeding and the composition of processes. */
const RING_FOLDERS = ['api', 'commands', 'demo', 'seed', 'runtime'];
const RING = `^(src/(${RING_FOLDERS.join('|')}|main\\.ts|config\\.ts)|workers)`;
const PLACED = `^src/(${[...MODULES, ...RING_FOLDERS].join('|')})/`;
/** What is entered through its index.ts only; platform and messages are a library. */
const FACED = MODULES.filter((name) => name !== 'platform' && name !== 'messages');
/** What of the assessment works on the database is entered through a second face, so that `his check` loads none of it. */
const SERVER_OF_ASSESSMENT = '^src/assessment/server\\.ts$';
/** Nor does checking them without a database. */
const FILES_OF_ASSESSMENT = '^src/assessment/files\\.ts$';
/** Reading claim files needs none of what the index of claims brings along. */
const FILES_OF_CLAIMS = '^src/claims/(dictionary|reader|totals|errors|tables|foreign)\\.ts$';

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
      name: 'placed',
      comment: 'every folder of src stands in LAYERS or in the ring: elsewhere no arrow holds it',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: PLACED },
      to: {},
    },
    {
      name: 'into-the-unplaced',
      comment: 'the same, for a folder that imports nothing itself',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: PLACED },
    },
    {
      name: 'only-the-face',
      comment:
        'another module is entered through its index.ts; entity files and files of claims have rules of their own',
      severity: 'error',
      from: { path: '^src/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: {
        path: `^src/(${FACED.join('|')})/`,
        pathNot: [
          '^src/$1/',
          '/index.ts$',
          '.entity.ts$',
          FILES_OF_CLAIMS,
          FILES_OF_ASSESSMENT,
          SERVER_OF_ASSESSMENT,
        ],
      },
    },
    {
      name: 'only-the-face-from-outside',
      comment: 'workers and the files beside the folders enter through index.ts too',
      severity: 'error',
      from: { path: '^(workers/|src/[^/]+$)', pathNot: '\\.test\\.ts$' },
      to: { path: `^src/(${FACED.join('|')})/`, pathNot: ['/index\\.ts$', SERVER_OF_ASSESSMENT] },
    },
    {
      name: 'entities-stay-home',
      comment: 'only the list of all entities reads the entity files of other modules',
      severity: 'error',
      from: { path: '^(?:src|workers)/([^/]+)', pathNot: ['\\.test\\.ts$', '^src/runtime/entities\\.ts$'] },
      to: { path: '\\.entity\\.ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'files-of-claims',
      comment: "only who judges files without the claims' database reads these directly",
      severity: 'error',
      from: {
        path: '^(src/(?!claims/|assessment/|demo/verify\\.thread\\.ts|commands/(claims(-xsd)?|check(-setup|-threads|-report)?|check\\.thread)\\.ts)|workers/)',
        pathNot: '\\.test\\.ts$',
      },
      to: { path: FILES_OF_CLAIMS },
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
