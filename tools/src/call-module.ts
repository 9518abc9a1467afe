import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Calls a function that a script of this folder exports, in a process of its own: jest does not load ES modules. */
export function callModule(script: string, name: string, ...args: readonly unknown[]): unknown {
  const program = `import { ${name} } from ${JSON.stringify(join(root, 'tools', script))};
    const result = ${name}(...JSON.parse(process.argv[1]).map((each) => each ?? undefined));
    const plain = result instanceof Map ? Object.fromEntries(result) : result;
    process.stdout.write(JSON.stringify(plain));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program, JSON.stringify(args)], {
    cwd: root,
    encoding: 'utf8',
  });
  return JSON.parse(output);
}
