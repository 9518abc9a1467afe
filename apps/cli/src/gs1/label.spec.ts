import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runCommand } from '../run-command.js';

const directory = mkdtempSync(join(tmpdir(), 'custos-label-'));
const at = (name: string): string => join(directory, name);
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

async function custos(...args: readonly string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
  return { status: await runCommand(['label', ...args]), lines, errors };
}

const PACK = '(01)04012345000016(17)270331(10)L1(21)A1B2';

describe('custos label', () => {
  it.each([
    ['datamatrix', 'pack.png', PACK, '\u0089PNG'],
    ['qr', 'pack.svg', PACK, '<svg'],
    ['sscc', 'pallet.pdf', '(00)340123450000000000', '%PDF'],
  ])('%s into %s', async (kind, file, code, start) => {
    const { status, lines, errors } = await custos(kind, '--out', at(file), code);
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(lines).toEqual([`1 label in ${at(file)}`]);
    expect(readFileSync(at(file), 'latin1').startsWith(start)).toBe(true);
  });

  it('a sheet of the codes of standard input', async () => {
    const input = Readable.from(['(01)04012345000016(21)A\n(01)04012345000016(21)B\n'], { objectMode: false });
    jest.spyOn(process, 'stdin', 'get').mockReturnValue(input as unknown as typeof process.stdin);
    const { lines } = await custos('datamatrix', '--size', 'case', '--out', at('sheet.pdf'));
    expect(lines).toEqual([`2 labels in ${at('sheet.pdf')}`]);
  });

  it('a wrong code is status 1, with what is wrong, and nothing is written', async () => {
    const { status, errors } = await custos('datamatrix', '--out', at('wrong.pdf'), PACK, '(01)04012345000017');
    expect(status).toBe(1);
    expect(errors[0]).toContain('CHECK_DIGIT_WRONG');
    expect(existsSync(at('wrong.pdf'))).toBe(false);
  });

  it.each([
    ['say "datamatrix"', ['aztec', '--out', 'x.png', PACK]],
    ['--out is missing', ['qr', PACK]],
    ['end it in .png', ['qr', '--out', 'x.gif', PACK]],
    ['--size pallet', ['qr', '--out', 'x.png', '--size', 'pallet', PACK]],
    ['--dpi 10', ['qr', '--out', 'x.png', '--dpi', '10', PACK]],
    ['--stem here', ['qr', '--out', 'x.png', '--stem', 'here', PACK]],
    ['holds one label', ['qr', '--out', 'x.png', PACK, PACK]],
  ])('called wrongly (%s) is status 2', async (said, args) => {
    const { status, errors } = await custos(...args);
    expect(status).toBe(2);
    expect(errors[0]).toContain(said);
  });
});
