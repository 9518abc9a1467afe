import { Readable } from 'node:stream';
import type { JsonObject } from '@custos/core-bytes';
import { runCommand } from '../run-command.js';

afterEach(() => jest.restoreAllMocks());

/** Exit status, lines of standard output as JSON, and the largest block that was written at once. */
async function custos(args: readonly string[], input?: Iterable<string>) {
  let output = '';
  let largest = 0;
  const errors: string[] = [];
  jest.spyOn(process.stdout, 'write').mockImplementation(((block: string, done?: () => void) => {
    output += block;
    largest = Math.max(largest, block.length);
    done?.();
    return true;
  }) as typeof process.stdout.write);
  jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
  if (input !== undefined) {
    const stdin = Readable.from(input, { objectMode: false });
    jest.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as unknown as typeof process.stdin);
  }
  const status = await runCommand(['gs1', ...args]);
  const lines = output.split('\n').filter((line) => line !== '');
  return { status, lines: lines.map((line) => JSON.parse(line) as JsonObject), errors, largest };
}

describe('custos gs1', () => {
  const pack = {
    kind: 'sgtin',
    elementString: '010401234500001621A',
    digitalLink: 'https://id.gs1.org/01/04012345000016/21/A',
    urn: 'urn:epc:id:sgtin:4012345.000001.A',
    fields: [
      { ai: '01', title: 'GTIN', value: '04012345000016' },
      { ai: '21', title: 'SERIAL', value: 'A' },
    ],
    findings: [],
  };

  it('says what each code is in every form, in the order given', async () => {
    const codes = ['(01)04012345000016(21)A', 'urn:epc:id:sgtin:4012345.000001.A', ']d20104012345000016' + '21A'];
    const { status, lines } = await custos(['--prefix-length', '7', ...codes]);
    expect(status).toBe(0);
    expect(lines).toMatchObject(codes.map((input) => ({ input, ...pack })));
  });

  it('a wrong code is status 1, with what, where and what was meant; the others are read', async () => {
    const { status, lines } = await custos(['(01)4012345000016(21)A', '(01)04012345000016(21)A']);
    expect(status).toBe(1);
    expect(lines).toMatchObject([
      { elementString: null, findings: [{ level: 'error', code: 'LENGTH_WRONG', ai: '01', index: 17 }] },
      { elementString: pack.elementString, urn: null, findings: [{ level: 'note' }] },
    ]);
    expect(lines[0]!['findings']).toMatchObject([{ meant: [{ code: '(01)04012345000016(21)A' }, {}] }]);
  });

  it('a doubt is no error', async () => {
    const { status, lines } = await custos(['0104012345000016' + '21ABC12310L117270331']);
    expect([status, lines[0]!['findings']]).toMatchObject([0, [{ level: 'warning' }, { level: 'note' }]]);
  });

  it('reads standard input, a code a line, whatever the ends of lines and chunks', async () => {
    const { status, lines } = await custos([], ['(01)0401234', '5000016(21)A\r\n\n]d20104012345000016\u001d21', 'B']);
    expect(status).toBe(0);
    expect(lines.map(({ input }) => input)).toEqual(['(01)04012345000016(21)A', ']d20104012345000016\u001d21B']);
  });

  it('answers every line of a long input, a block at a time', async () => {
    const total = 20_000;
    const { status, lines, largest } = await custos([], codes(total));
    expect([status, lines.length]).toEqual([0, total]);
    expect(new Set(lines.map(({ input }) => input)).size).toBe(total);
    expect(largest).toBeLessThan(100_000);
  });

  it('a line longer than any code is one refusal, cut', async () => {
    const { status, lines } = await custos([], ['1'.repeat(50_000), '1'.repeat(50_000), '\n(01)04012345000016\n']);
    expect(status).toBe(1);
    expect(lines).toMatchObject([{ findings: [{ code: 'TOO_LONG' }] }, { kind: 'gtin' }]);
    expect(String(lines[0]!['input']).length).toBeLessThan(10_000);
  });

  it.each([
    ['99', '--prefix-length 99'],
    ['x', '--prefix-length x'],
  ])('--prefix-length %s is status 2', async (length, said) => {
    const { status, lines, errors } = await custos(['--prefix-length', length, '4012345000016']);
    expect([status, lines]).toEqual([2, []]);
    expect(errors[0]).toContain(said);
  });
});

function* codes(total: number): Generator<string> {
  for (let i = 0; i < total; i++) yield `(01)04012345000016(21)S${i}\n`;
}
