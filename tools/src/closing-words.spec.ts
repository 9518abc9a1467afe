import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callModule } from './call-module.js';

const root = join(__dirname, '..', '..');

interface Entry {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly test: string; readonly message: string }[];
}

interface Closing {
  readonly entries: readonly Entry[];
  readonly steps?: readonly string[];
  readonly unsteady?: readonly string[];
  readonly table?: readonly string[];
}

const closingWords = (closing: Closing) =>
  callModule('closing-words.mjs', 'closingWords', closing) as { readonly failed: number; readonly text: string };

describe('the end of a run', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-counts-'));
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  let entries: readonly Entry[];
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  beforeAll(() => {
    write('good.spec.js', `test('right', () => expect(1).toBe(1));`);
    write('bad.spec.js', `describe('a lot', () => test('C15: is recalled', () => expect('dispensed').toBe('held')));`);
    write('broken.spec.js', `require('./nowhere.js'); test('never runs', () => undefined);`);
    const reporters = [join(root, 'tools/jest-counts.cjs')];
    write('jest.config.json', JSON.stringify({ transform: {}, testMatch: ['**/*.spec.js'], reporters }));
    const args = [join(root, 'node_modules/jest/bin/jest.js'), '--watchman=false'];
    const env = { ...process.env, CUSTOS_SUITE: 'test', CUSTOS_RESULTS: 'mine' };
    spawnSync(process.execPath, args, { cwd: directory, env });
    const { files } = JSON.parse(readFileSync(join(directory, '.results.mine.json'), 'utf8')) as { files: Entry[] };
    entries = files;
  });

  it('names each test that failed with its message, then the counts on the last line', () => {
    const { failed, text } = closingWords({ entries });
    expect(failed).toBe(2);
    expect(text).toMatch(
      /FAILED .*bad\.spec\.js: a lot C15: is recalled\n[^]*Expected: "held"\n\s+Received: "dispensed"/,
    );
    expect(text).toMatch(/FAILED .*broken\.spec\.js: the file itself\n[^]*Cannot find module/);
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').at(-1)).toBe('1 passed, 2 failed');
  });

  it('counts a step that is no test, and has nothing but counts when all went well', () => {
    expect(closingWords({ entries: [], steps: ['lint'] })).toEqual({
      failed: 1,
      text: '\nFAILED lint\n  its output is above\n\n0 passed, 1 failed',
    });
    expect(closingWords({ entries: [] }).text).toBe('0 passed, 0 failed');
  });

  it('prints the seconds, then the unsteady tests, then the counts', () => {
    const { text } = closingWords({ entries: [], table: ['int  9.1'], unsteady: ['a.int.spec.ts: K6: skips'] });
    expect(text).toBe('int  9.1\n\nunsteady: a.int.spec.ts: K6: skips\n\n0 passed, 0 failed');
  });

  it('keeps the counts in sight when very much failed', () => {
    const failures = Array.from({ length: 200 }, (_, i) => ({ test: `test ${i}`, message: 'wrong\n'.repeat(10) }));
    const { text } = closingWords({ entries: [{ file: 'x.spec.ts', passed: 0, failed: 200, skipped: 1, failures }] });
    expect(text).toContain('FAILED x.spec.ts: test 199');
    expect(text.length).toBeLessThan(20_000);
    expect(text.split('\n').at(-1)).toBe('0 passed, 200 failed, 1 skipped');
  });
});
