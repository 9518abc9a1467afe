// What nothing uses is not kept: files, exports (of barrels as well), packages of manifests. A test of tools runs it.
export default {
  includeEntryExports: true,
  // A type in the signature of an exported function must have a name that others can say.
  ignoreExportsUsedInFile: { interface: true, type: true },
  // What an example in a README imports is used.
  compilers: {
    md: (text) => [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code).join('\n'),
  },
  ignoreBinaries: ['java'],
  // Specs run scripts as programs of their own, so that jest need not load ES modules; jest loads its reporters by path.
  ignoreIssues: { 'tools/*.{mjs,cjs}': ['exports'], 'libs/dev/servers/jest/*.cjs': ['exports'] },
  workspaces: {
    // Run by their paths: tools/suites.mjs, tools/start.mjs.
    '.': { entry: ['*.md', '{bench,docs,vectors}/**/*.md'], ignoreDependencies: ['nx', 'prettier', 'ts7'] },
    tools: {
      entry: ['*.{mjs,cjs}', 'src/*.spec.ts', '*.md'],
      project: ['**/*.{mjs,cjs,ts,md}'],
      // In a program that a test runs as text.
      ignoreDependencies: ['@seriousme/openapi-schema-validator'],
    },
    'apps/*': { entry: ['src/main.ts', 'src/**/*.spec.ts', '*.md'], project: ['**/*.{ts,md}'] },
    'libs/*/*': { entry: ['src/testing/index.ts', 'src/**/*.spec.ts', '*.md'], project: ['**/*.{ts,md}'] },
    // Programs that tests start from `dist`.
    'libs/dev/servers': {
      entry: ['src/{broker,jest/setup,jest/containers,jest/run}.ts', 'src/**/*.spec.ts', 'jest/*.cjs', '*.md'],
      project: ['**/*.{ts,cjs,md}'],
    },
    'libs/shell/lanes': {
      entry: ['src/testing/file-writer.ts', 'src/**/*.spec.ts', '*.md'],
      project: ['**/*.{ts,md}'],
    },
    'libs/shell/process': {
      entry: ['src/testing/index.ts', 'src/**/*.spec.ts', '*.md'],
      project: ['**/*.{ts,md}'],
      // Its files are read by path.
      ignoreDependencies: ['swagger-ui-dist'],
    },
  },
};
