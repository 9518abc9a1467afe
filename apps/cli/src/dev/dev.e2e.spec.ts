import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(__dirname, '..', '..', '..', '..');
// Below the ports that connections take by themselves (ip_local_port_range).
const PORTS = 24_000 + (process.pid % 47) * 40;

/** Processes of this machine whose environment holds `text`. */
function marked(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => Number.isInteger(Number(name)))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(text);
      } catch {
        // It ended while we looked, or is somebody else's.
        return false;
      }
    });
}

test('custos dev runs a network, and Ctrl-C ends all of it with 0', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'custos-dev-'));
  chmodSync(directory, 0o755);
  const mark = `dev-${process.pid}`;
  const script = join(root, 'apps', 'cli', 'dist', 'main.js');
  const dev = spawn(process.execPath, [script, 'dev', '--directory', directory, '--port-base', String(PORTS)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, CUSTOS_E2E_MARK: mark },
  });
  const exit = once(dev, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: dev.stdout })) {
    lines.push(line);
    if (!line.startsWith('watching')) continue;
    expect(marked(mark).length).toBeGreaterThan(8);
    expect((await fetch(`http://127.0.0.1:${PORTS + 8}/health/ready`)).status).toBe(200);
    dev.kill('SIGINT');
  }
  expect(await exit).toEqual([0, null]);
  expect(lines.at(-1)).toBe('stopping');
  expect(marked(mark)).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
}, 600_000);
