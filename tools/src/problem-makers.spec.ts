import { isTestCode, type Source } from './source-rules.js';
import { sourceOf, tracked } from './tracked.js';

/** Files that speak HTTP: they alone turn the "no" of a use case into a problem. */
const HTTP = /\/http\/|\.(controller|filter|guard|pipe|interceptor)\.ts$/;
const IMPORT = /^import (?:type )?\{([^}]*)\} from '([^']+)';/gm;
const MAKERS = [
  'Problem',
  'malformedProblem',
  'statusProblem',
  'away',
  'sendProblem',
  'problemFilter',
  'orProblem',
  'declinedProblem',
  'refusalProblem',
  'promiseProblem',
];

function importsMaker({ text }: Source): boolean {
  return [...text.matchAll(IMPORT)].some(([, names = '']) =>
    names.split(',').some((name) =>
      MAKERS.includes(
        name
          .trim()
          .replace(/^type /, '')
          .split(' as ')[0]!,
      ),
    ),
  );
}

const outsideHttp = (all: readonly Source[]): readonly string[] =>
  all.filter((source) => !HTTP.test(source.path) && importsMaker(source)).map(({ path }) => path);

describe('a use case returns values (H3)', () => {
  it('only http/ and the files of Nest that speak HTTP make problems', () => {
    const production = tracked.filter((file) => /^(apps|libs)\/.*\/src\/.*\.ts$/.test(file) && !isTestCode(file));
    expect(outsideHttp(production.map(sourceOf))).toEqual([]);
  });

  it('canary: each would be reported', () => {
    const text = "import { openLog, away } from '@custos/shell-process';\n";
    const typed = "import {\n  type Problem,\n} from './http/problem.js';\n";
    const fine = "import { answered } from '@custos/node-epcis-repository';\n";
    const path = 'apps/trace/src/units/units.ts';
    expect([text, typed, fine].map((each) => outsideHttp([{ path, text: each }]).length)).toEqual([1, 1, 0]);
    expect(outsideHttp([{ path: 'apps/trace/src/units/units.controller.ts', text }])).toEqual([]);
  });
});
