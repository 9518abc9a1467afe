import { isTestCode, type Source } from './source-rules.js';
import { sourceOf, tracked } from './tracked.js';

/** Files that hold SQL by what they are (ADR 0011): the adapter, migrations, projections and what questions read. */
const SQL_BY_KIND = [
  /^libs\/shell\/postgres\//,
  /^libs\/dev\//,
  /migrations\.ts$|-tables\.ts$/,
  /-projection\.ts$/,
  /^libs\/node\/epcis-repository\/src\/queries\//,
];

/** The others, each with the reason for which a repository does not do it. */
const SQL_BY_REASON: Readonly<Record<string, string>> = {
  'apps/cli/src/doctor/database.ts': 'asks a server before there is any table',
  'apps/trace/src/blocks/blocks.ts': 'reads from the snapshot that the answer names',
  'libs/node/follower/src/rows/progress.ts': 'locks, and moves on in the transaction of the rows',
  'libs/node/partner/src/capture/keep-secrets.ts': 'stores rows by unnest; a lost commit has to be known',
  'libs/node/partner/src/promises/forgetting.ts': 'deletes in steps, past what is locked',
  'libs/node/partner/src/promises/idempotency.ts': 'finds the keys of all waiting requests at once',
  'libs/node/partner/src/promises/outbox.ts': 'promises in one statement, settles in the transaction of the block',
};

const STATEMENT = /\.(query|commit)(<[^()]*>)?\(|: Statement = \{/;
const REPOSITORY = /\bRepository<|\bgetRepository\(/;

const production = tracked
  .filter((file) => file.endsWith('.ts') && !file.includes('/dist/') && !file.startsWith('tools/') && !isTestCode(file))
  .map(sourceOf);

function isSqlFile(path: string): boolean {
  return path in SQL_BY_REASON || SQL_BY_KIND.some((kind) => kind.test(path));
}

const pathsWith = (all: readonly Source[], pattern: RegExp): readonly string[] =>
  all.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
const strayStatements = (all: readonly Source[]): readonly string[] =>
  pathsWith(all, STATEMENT).filter((path) => !isSqlFile(path));
const mixed = (all: readonly Source[]): readonly string[] => pathsWith(all, REPOSITORY).filter(isSqlFile);

describe('where TypeORM ends and SQL begins (ADR 0011)', () => {
  it('a file outside the list has no SQL: it reads and writes through repositories', () => {
    expect(strayStatements(production)).toEqual([]);
  });

  it('a file of the list has no repository', () => {
    expect(mixed(production)).toEqual([]);
  });

  it('each file of the list has SQL', () => {
    const withSql = pathsWith(production, STATEMENT);
    expect(Object.keys(SQL_BY_REASON).filter((path) => !withSql.includes(path))).toEqual([]);
  });

  it('canary: each would be reported', () => {
    const texts = ['sql.query(`SELECT 1`)', 'sql.query<{ readonly n: number }>(text)', 'const A: Statement = {'];
    expect(strayStatements(texts.map((text) => ({ path: 'libs/node/x/src/reads.ts', text })))).toHaveLength(3);
    const source = { path: 'libs/node/x/src/x-projection.ts', text: 'function f(jobs: Repository<Job>) {}' };
    expect([mixed([source]), strayStatements([source])]).toEqual([[source.path], []]);
  });
});
