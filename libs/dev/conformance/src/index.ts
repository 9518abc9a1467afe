export { hasCorpus, openCorpus, type Corpus, type Entry, type Expectation } from './corpus.js';
export { reportLines, runSuites } from './run.js';
export { openServer } from './server.js';
export { type Suite } from './suite.js';
export { SUITES } from './suites.js';
