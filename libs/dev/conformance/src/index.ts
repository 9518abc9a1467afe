export { hasCorpus, openCorpus, type Corpus, type Entry, type Expectation } from './corpus.js';
export { EXCEPTIONS, type Exception } from './exceptions.js';
export { reportLines, runSuites, type Remark, type Report } from './run.js';
export { openServer, type Answer, type Server } from './server.js';
export { skipped, type Case, type Finding, type Suite } from './suite.js';
export { SUITES } from './suites.js';
