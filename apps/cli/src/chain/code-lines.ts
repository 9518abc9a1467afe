import { MAX_SCAN_LENGTH } from '@custos/core-gs1';

/** Of a longer line the rest is read and forgotten: no code is as long. */
const MAX_LINE = 2 * MAX_SCAN_LENGTH;

/** Codes from standard input, one a line; an empty line is no code. */
export async function* codesFromInput(): AsyncGenerator<string> {
  let line = '';
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) {
    const [first = '', ...others] = (chunk as string).split('\n');
    line = (line + first).slice(0, MAX_LINE);
    for (const next of others) {
      yield* codeOf(line);
      line = next.slice(0, MAX_LINE);
    }
  }
  yield* codeOf(line);
}

function* codeOf(line: string): Generator<string> {
  const code = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (code !== '') yield code;
}
