const room = '(packages/[^/]+/src/[^/]+)/';
const tests = '\\.test\\.ts$';
/** What the tests of a folder share; never shipped. */
const fixtures = '-fixture\\.ts$';
/** The one file of the pure rings with a dependency: a peer that only a browser needs. */
const browserCrypto = '^packages/kernel/src/encoding/crypto\\.browser\\.ts$';

/** Which packages a ring may import, beside itself. Tests may also import the testkit. */
const rings = {
  kernel: [],
  domain: ['kernel'],
  runtime: ['kernel', 'domain'],
  adapters: ['kernel', 'domain', 'runtime'],
  testkit: ['kernel', 'domain', 'runtime'],
};

const ringRules = Object.entries(rings).flatMap(([ring, inner]) => [
  {
    name: `ring-${ring}`,
    comment: `${ring} may import ${[ring, ...inner].join(', ')} and nothing of ours further out.`,
    severity: 'error',
    from: { path: `^packages/${ring}/`, pathNot: tests },
    to: {
      path: '^(packages|apps|bench|scripts|tests)/',
      pathNot: `^packages/(${[ring, ...inner].join('|')})/`,
    },
  },
  {
    name: `ring-${ring}-tests`,
    comment: `Tests of ${ring} may import ${[ring, ...inner].join(', ')} and the testkit.`,
    severity: 'error',
    from: { path: `^packages/${ring}/.*${tests}` },
    to: {
      path: '^(packages|apps|bench|scripts|tests)/',
      pathNot: `^packages/(${[ring, 'testkit', ...inner].join('|')})/`,
    },
  },
]);

export default {
  forbidden: [
    ...ringRules,
    {
      name: 'no-cycle',
      comment: 'No cycles, type-only ones included: move what both need into a file of its own.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'rooms-have-one-door',
      comment: 'A room is imported from outside through its index.ts only.',
      severity: 'error',
      from: { path: `^${room}` },
      to: {
        path: '^packages/[^/]+/src/[^/]+/',
        pathNot: ['^$1/', '^packages/[^/]+/src/[^/]+/index\\.ts$'],
      },
    },
    {
      name: 'rooms-have-one-door-for-all',
      comment: 'A room is imported from outside through its index.ts only.',
      severity: 'error',
      from: { pathNot: `^${room}` },
      to: { path: '^packages/[^/]+/src/', pathNot: '^packages/[^/]+/src/[^/]+/index\\.ts$' },
    },
    {
      name: 'what-decides-reads-no-routing',
      comment: 'The evidence of a router is recorded, and read for authority by nothing.',
      severity: 'error',
      from: {
        path: [
          '^packages/kernel/src/(account|channel|compiler|contract|control|policy|quorum|world|writ)/',
          '^packages/domain/src/(approvals|policies|simulation)/',
        ],
      },
      to: { path: '^packages/kernel/src/routing/' },
    },
    {
      name: 'pure-rings-have-no-dependency',
      comment:
        'Kernel and domain have no npm dependency at run time, but for cryptography in a browser.',
      severity: 'error',
      from: {
        path: '^packages/(kernel|domain)/',
        pathNot: [tests, browserCrypto],
      },
      to: { path: 'node_modules/' },
    },
    {
      name: 'pure-rings-touch-no-node',
      comment: 'Kernel and domain touch no Node API; the one exception is reached as #crypto.',
      severity: 'error',
      from: {
        path: '^packages/(kernel|domain)/',
        pathNot: [tests, '^packages/kernel/src/encoding/crypto\\.node\\.ts$'],
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'adapters-do-not-meet',
      comment: "Adapters never import each other; they meet in an app's compose folder.",
      severity: 'error',
      from: { path: '^packages/adapters/src/([^/]+)/' },
      to: { path: '^packages/adapters/src/', pathNot: '^packages/adapters/src/$1/' },
    },
    {
      name: 'only-compose-names-adapters',
      comment: "An app's compose folder is its only place that names concrete adapters.",
      severity: 'error',
      from: { path: '^apps/', pathNot: ['^apps/[^/]+/src/compose/', tests] },
      to: { path: '^packages/adapters/' },
    },
    {
      name: 'apps-do-not-meet',
      comment: 'An app imports no other app.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'testkit-never-ships',
      comment: 'The testkit is for tests and benches.',
      severity: 'error',
      from: { path: '^(packages|apps|scripts)/', pathNot: ['^packages/testkit/', tests, fixtures] },
      to: { path: '^packages/testkit/' },
    },
    {
      name: 'no-development-dependency-in-what-ships',
      comment: 'What a shipped file imports is a dependency of its package.',
      severity: 'error',
      from: {
        path: '^(packages/(?!testkit)[^/]+|apps/[^/]+)/src/',
        pathNot: [tests, fixtures, browserCrypto],
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^packages/' },
    },
    {
      name: 'everything-resolves',
      comment:
        'The import names a file or an export that does not exist. The peers of the bench have packages of their own, installed when it runs.',
      severity: 'error',
      from: { pathNot: '^bench/peers/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(golden|vectors)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
