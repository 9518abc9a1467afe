import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { until } from './testing/until.js';

const root = join(__dirname, '..', '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 22_000 + (process.pid % 47) * 40;

/** Command lines of this machine's processes that hold `text`. */
function running(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => Number.isInteger(Number(name)))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/environ`, 'utf8') + readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes(text) ? [pid] : [];
      } catch {
        // It ended while we looked, or is somebody else's.
        return [];
      }
    });
}

/** Starts a demo with `command`, calls `interrupt` at its first line that fits; resolves with its exit code. */
async function interrupted(
  mark: string,
  command: readonly string[],
  interrupt: (demo: ChildProcess) => void,
  { line: fits, running: least }: { readonly line: RegExp; readonly running: number } = { line: /^1\. /, running: 9 },
) {
  const [name, value] = mark.split('=') as [string, string];
  const directory = mkdtempSync(join(tmpdir(), 'custos-interrupted-'));
  chmodSync(directory, 0o755);
  const [program, ...args] = [...command, '--directory', directory, '--port-base', String(PORTS)];
  const env = { ...process.env, [name]: value };
  const demo = spawn(program!, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env });
  const exit = once(demo, 'exit');
  let isInterrupted = false;
  for await (const line of createInterface({ input: demo.stdout })) {
    if (isInterrupted || !fits.test(line)) continue;
    isInterrupted = true;
    expect(running(mark).length).toBeGreaterThanOrEqual(least);
    interrupt(demo);
  }
  const [code] = (await exit) as [number | null];
  await until('every process has ended', () => running(mark).length === 0);
  rmSync(directory, { recursive: true, force: true });
  return code;
}

describe('a demo that is stopped before its end leaves no process', () => {
  it('by SIGINT to the command', async () => {
    const mark = `CUSTOS_E2E_MARK=${process.pid}-command`;
    const command = [process.execPath, join(root, 'apps', 'cli', 'dist', 'main.js'), 'demo'];
    expect(await interrupted(mark, command, (demo) => demo.kill('SIGINT'))).toBe(130);
    expect(running(mark)).toEqual([]);
  }, 600_000);

  it('by SIGINT while its processes start', async () => {
    const mark = `CUSTOS_E2E_MARK=${process.pid}-start`;
    const command = [process.execPath, join(root, 'apps', 'cli', 'dist', 'main.js'), 'demo'];
    const first = { line: /validator-\w+ is up/, running: 2 };
    expect(await interrupted(mark, command, (demo) => demo.kill('SIGINT'), first)).toBe(130);
    expect(running(mark)).toEqual([]);
  }, 600_000);

  it('by SIGTERM to npm, whose shell passes no signal on: the command gets it after all', async () => {
    const mark = `CUSTOS_E2E_MARK=${process.pid}-npm`;
    await interrupted(mark, ['npm', 'run', 'demo', '--'], (demo) => demo.kill('SIGTERM'));
    expect(running(mark)).toEqual([]);
  }, 600_000);
});
