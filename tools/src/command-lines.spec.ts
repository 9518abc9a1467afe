import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { wrongCommandLines, type CommandTable } from './command-lines.js';
import { blocksOf } from './documents.js';
import { root, sourceOf, tracked } from './tracked.js';

const documents = tracked.filter((file) => file.endsWith('.md')).map(sourceOf);
const cli = join(root, 'apps/cli/dist');
const program = `import { COMMANDS } from ${JSON.stringify(join(cli, 'commands.js'))};
  process.stdout.write(JSON.stringify([...COMMANDS].map(([name, { usage }]) => [name, usage])));`;
const usages = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
const { scripts } = JSON.parse(sourceOf('package.json').text) as { scripts: Record<string, string> };
const { services } = parse(sourceOf('docker-compose.yml').text) as { services: Record<string, unknown> };

/** The sub-commands that a service's main.ts names in its usage line. */
function subCommands(main: string): readonly string[] {
  return /usage: main\.js \[([\w|-]+)\]/.exec(sourceOf(main).text)?.[1]?.split('|') ?? [];
}
const table: CommandTable = {
  scripts: new Set(Object.keys(scripts)),
  custos: new Map(JSON.parse(usages) as [string, string][]),
  services: new Map(
    tracked
      .filter((file) => /^apps\/[\w-]+\/src\/main\.ts$/.test(file) && !file.startsWith('apps/cli/'))
      .map((file) => [file.split('/')[1]!, subCommands(file)]),
  ),
  containers: new Set(Object.keys(services)),
};

describe('command lines of documents', () => {
  it('are ones that exist, with options that they have and all that they need', () => {
    expect(documents.flatMap((each) => wrongCommandLines(each, table))).toEqual([]);
  });

  it('of a block marked `run` end with 0', () => {
    const blocks = documents.flatMap((each) => blocksOf(each).filter(({ language }) => language === 'run'));
    expect(blocks.length).toBeGreaterThan(1);
    // `npm run custos` is the same program after a build, called from the folder of the caller.
    const custos = `npm() { shift 3; "${process.execPath}" "${join(cli, 'main.js')}" "$@"; }\n`;
    for (const { text } of blocks) {
      const folder = mkdtempSync(join(tmpdir(), 'custos-run-'));
      try {
        execFileSync('bash', ['-euc', custos + text], { cwd: folder, encoding: 'utf8' });
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  it.each([
    ['trace rebuild', true],
    ['npm run nothing', true],
    ['npm run custos doctor', true],
    ['npm run custos -- mint', true],
    ['npx custos key new', true],
    ['custos backup --postgres postgres://x', true],
    ['custos verify chain.custos two --genesis g.json', true],
    ['custos verify chain.custos --genesis g.json', false],
    ['custos key old --out x', true],
    ['custos compose init --state a', true],
    ['custos compose init --state a --hand-out b --port-base 1', false],
    ['custos doctor --json --loud', true],
    ['custos doctor', false],
    ['docker compose run --rm nobody', true],
    ['docker compose run --rm init custos mint', true],
    ['node apps/trace/dist/main.js rebuild', false],
    ['node apps/pharmacy/dist/main.js rebuild', true],
    ['npm run demo -- --twice', true],
    ["A=1 custos gs1 '(01)1 # 2' > x", false],
  ])('canary: %s', (text, isWrong) => {
    const faults = wrongCommandLines({ path: 'x.md', text: `a\n\`${text}\`` }, table);
    expect(faults).toEqual(isWrong ? [expect.stringMatching(/^x\.md:2: /)] : []);
  });
});
