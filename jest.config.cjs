// One configuration for every project; nx runs it inside the project's folder with CUSTOS_SUITE set.
const suite = process.env.CUSTOS_SUITE ?? 'test';
/** Real Kafka and Postgres for the run, in CUSTOS_KAFKA and CUSTOS_POSTGRES; those set already win. */
const servers = {
  globalSetup: require.resolve('./libs/dev/servers/jest/setup.cjs'),
  globalTeardown: require.resolve('./libs/dev/servers/jest/teardown.cjs'),
};
/** The same contracts on the images that are deployed; where they cannot run, each test is skipped and counted. */
const containers = () => {
  const lack = require('./libs/dev/servers/dist/docker.js').containersLack();
  if (lack !== undefined) console.log(`containers: every test is skipped, ${lack}`);
  return {
    testMatch: ['**/kafka-lanes.int.spec.ts', '**/postgres.int.spec.ts'],
    maxWorkers: 1,
    globalSetup: require.resolve('./libs/dev/servers/jest/containers-setup.cjs'),
    globalTeardown: require.resolve('./libs/dev/servers/jest/containers-teardown.cjs'),
    ...(lack === undefined ? {} : { testNamePattern: '(?!)' }),
  };
};
const suites = {
  test: { testMatch: ['**/*.spec.ts'], testPathIgnorePatterns: ['\\.(int|sim|e2e|web)\\.spec\\.ts$', '/dist/'] },
  int: { testMatch: ['**/*.int.spec.ts'], maxWorkers: 1, ...servers },
  sim: { testMatch: ['**/*.sim.spec.ts'] },
  // One after another: users send as long as a fault lasts, so two at once make each other longer (414 s, not 374).
  e2e: { testMatch: ['**/*.e2e.spec.ts'], maxWorkers: 1, ...servers },
  ...(suite === 'containers' ? { containers: containers() } : {}),
};
if (!suites[suite]) throw new Error(`CUSTOS_SUITE=${suite}: one of ${Object.keys(suites).join(', ')}`);

/** @type {import('jest').Config} */
module.exports = {
  rootDir: process.cwd(),
  testEnvironment: 'node',
  testPathIgnorePatterns: ['/dist/'],
  ...suites[suite],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^fast-check$': require.resolve('./tools/jest-properties.cjs'),
  },
  testEnvironmentOptions: { customExportConditions: ['@custos/source', 'node', 'node-addons'] },
  transformIgnorePatterns: [
    '/node_modules/(?!(@nestjs|@noble|@custos|file-type|cookie|uint8array-extras|strtok3|token-types|@tokenizer|@borewit)/)',
    // What we built ourselves; packages of others may keep ES modules in a folder of that name.
    '/(apps|libs|tools)/([^/]+/)*dist/',
  ],
  transform: {
    '^.+\\.[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  reporters: ['default', require.resolve('./tools/jest-counts.cjs')],
  // What hangs ends here. Long, so that a slow machine never meets it.
  testTimeout: 240_000,
};
