import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(__dirname, '..', '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 22_000 + (process.pid % 95) * 20;

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

describe.each(['SIGINT', 'SIGTERM'] as const)('a demo that gets %s in the middle of its story', (signal) => {
  it('stops everything: no process of it is left', async () => {
    const mark = `CUSTOS_E2E_MARK=${process.pid}-${signal}`;
    const [name, value] = mark.split('=') as [string, string];
    const directory = mkdtempSync(join(tmpdir(), 'custos-interrupted-'));
    chmodSync(directory, 0o755);
    const script = join(root, 'apps', 'cli', 'dist', 'main.js');
    const demo = spawn(process.execPath, [script, 'demo', '--directory', directory, '--port-base', String(PORTS)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, [name]: value },
    });
    const exit = once(demo, 'exit');
    for await (const line of createInterface({ input: demo.stdout })) {
      if (!line.startsWith('1. ')) continue;
      expect(running(mark).length).toBeGreaterThan(8);
      demo.kill(signal);
    }
    const [code] = (await exit) as [number | null];
    expect(code).toBe(130);
    expect(running(mark)).toEqual([]);
    rmSync(directory, { recursive: true, force: true });
  }, 600_000);
});
