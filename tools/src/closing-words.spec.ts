import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const words = join(root, 'tools', 'closing-words.mjs');

function closingWords(files: readonly string[], steps: readonly string[] = []): { failed: number; text: string } {
  const program = `import { closingWords } from ${JSON.stringify(words)};
    process.stdout.write(JSON.stringify(closingWords(${JSON.stringify(files)}, ${JSON.stringify(steps)})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })) as {
    failed: number;
    text: string;
  };
}

describe('what a run says last', () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-counts-'));
  const results = join(directory, '.results.test.json');
  const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  beforeAll(() => {
    write('good.spec.js', `test('right', () => expect(1).toBe(1));`);
    write('bad.spec.js', `describe('a lot', () => test('C15: is recalled', () => expect('dispensed').toBe('held')));`);
    write('broken.spec.js', `require('./nowhere.js'); test('never runs', () => undefined);`);
    const reporters = [join(root, 'tools/jest-counts.cjs')];
    write('jest.config.json', JSON.stringify({ transform: {}, testMatch: ['**/*.spec.js'], reporters }));
    const args = [join(root, 'node_modules/jest/bin/jest.js'), '--watchman=false'];
    spawnSync(process.execPath, args, { cwd: directory, env: { ...process.env, CUSTOS_SUITE: 'test' } });
  });

  it('names each test that failed with its message, then the counts on the last line', () => {
    const { failed, text } = closingWords([results]);
    expect(failed).toBe(2);
    expect(text).toMatch(
      /FAILED .*bad\.spec\.js: a lot C15: is recalled\n[^]*Expected: "held"\n\s+Received: "dispensed"/,
    );
    expect(text).toMatch(/FAILED .*broken\.spec\.js: the file itself\n[^]*Cannot find module/);
    expect(text).not.toContain('\u001b');
    expect(text.split('\n').at(-1)).toBe('1 passed, 2 failed');
  });

  it('counts a step that is no test, and is silent when all went well', () => {
    expect(closingWords([], ['lint'])).toEqual({
      failed: 1,
      text: '\nFAILED lint\n  its output is above\n\n0 passed, 1 failed',
    });
    expect(closingWords([]).text).toBe('0 passed, 0 failed');
  });

  it('keeps the counts in sight when very much failed', () => {
    const failures = Array.from({ length: 200 }, (_, i) => ({ name: `test ${i}`, message: 'wrong\n'.repeat(10) }));
    write('.results.many.json', JSON.stringify({ passed: 0, failed: 200, skipped: 1, failures }));
    const { text } = closingWords([join(directory, '.results.many.json')]);
    expect(text).toContain('FAILED test 199');
    expect(text.length).toBeLessThan(20_000);
    expect(text.split('\n').at(-1)).toBe('0 passed, 200 failed, 1 skipped');
  });
});
