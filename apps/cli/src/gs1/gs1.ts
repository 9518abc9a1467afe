import { diagnoseCode, type CodeDiagnosis } from '@custos/core-gs1';
import { parseArgs } from 'node:util';
import { orUsage, UsageError } from '../arguments.js';
import { codesFromInput } from '../chain/code-lines.js';
import type { Command } from '../command.js';

/** EPC URNs allow 6 to 12. */
const PREFIX_LENGTHS = { least: 6, most: 12 };
/** Lines of output gathered before they are written: few system calls, bounded memory. */
const MAX_PENDING = 65_536;

export const gs1: Command = {
  usage: '[--prefix-length N] [CODE...]',
  summary: 'say what codes are, as JSON lines; no CODE: one a line from standard input',
  async run(args) {
    const options = { 'prefix-length': { type: 'string' } } as const;
    const { values, positionals } = orUsage(() => parseArgs({ args: [...args], options, allowPositionals: true }));
    const reading = { thisYear: new Date().getUTCFullYear(), prefixLength: prefixLength(values['prefix-length']) };
    const output = new Lines();
    let right = true;
    for await (const code of positionals.length > 0 ? positionals : codesFromInput()) {
      const read = diagnoseCode(code, reading);
      right &&= read.findings.every(({ level }) => level !== 'error');
      if (!(await output.write(lineOf(code, read)))) return right ? 0 : 1;
    }
    await output.flush();
    return right ? 0 : 1;
  },
};

/** `elementString`, `digitalLink` and `urn` always stand there, null when the code has none. */
function lineOf(input: string, reading: CodeDiagnosis): string {
  const { elementString = null, digitalLink = null, urn = null, fields, findings, ...rest } = reading;
  return JSON.stringify({ input, ...rest, elementString, digitalLink, urn, fields, findings });
}

function prefixLength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const { least, most } = PREFIX_LENGTHS;
  const length = Number(text);
  if (Number.isInteger(length) && length >= least && length <= most) return length;
  throw new UsageError(`--prefix-length ${text}: a number from ${least} to ${most}`);
}

/** Standard output, a block at a time: a reader that is slow holds us up, and nothing piles up. */
class Lines {
  private pending = '';
  /** The reader has gone, as `head` does: nothing more is wanted. */
  private closed = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.closed = true;
    });
  }

  /** False when no one reads any more. */
  async write(line: string): Promise<boolean> {
    this.pending += `${line}\n`;
    if (this.pending.length >= MAX_PENDING) await this.flush();
    return !this.closed;
  }

  async flush(): Promise<void> {
    const block = this.pending;
    this.pending = '';
    if (block !== '' && !this.closed) await new Promise<void>((done) => process.stdout.write(block, () => done()));
  }
}
