import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, existsSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@custos/core-bytes';
import { genesisJson } from '@custos/core-chain';
import { parsePeerRequest, peerCheck } from '@custos/formats-peers';
import { generatePrivateKey, nodeVerify, saveKeyFile, signerFromPrivateKey } from '@custos/shell-node-crypto';
import { UsageError } from './arguments.js';
import {
  buildChain,
  commissioning,
  fileOf,
  FILE_GENESIS,
  FILE_NETWORK_ID,
  PRODUCT,
  signedByMaker,
  type Piece,
} from '@custos/core-execution/testing';
import { COMMANDS } from './commands.js';
import { runCommand } from './run-command.js';

const directory = mkdtempSync(join(tmpdir(), 'custos-cli-'));
const at = (name: string): string => join(directory, name);
const PIECES = buildChain([
  [{ transactions: [signedByMaker('product', [PRODUCT])] }],
  [{ transactions: [signedByMaker('capture', commissioning('L24A', 'L25B'))] }, {}],
]);
const FILE = fileOf(PIECES);
const privateKey = generatePrivateKey();
const signer = signerFromPrivateKey(privateKey);

beforeAll(async () => {
  writeFileSync(at('chain.custos'), FILE);
  // Laid out for people: what counts is the canonical form.
  writeFileSync(at('genesis.json'), JSON.stringify(genesisJson(FILE_GENESIS), null, 2));
  writeFileSync(at('other.json'), canonicalJson({ ...genesisJson(FILE_GENESIS), name: 'other' }));
  writeFileSync(at('broken.json'), '{');
  await saveKeyFile(at('member.key'), privateKey);
});
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

/** The exit status and what was written. */
async function custos(...args: readonly string[]) {
  const lines: string[] = [];
  const errors: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
  const status = await runCommand(args);
  return { status, lines, errors };
}

describe('custos', () => {
  it('help lists every command with its usage and a sentence', async () => {
    const { status, lines } = await custos('help');
    expect(status).toBe(0);
    expect(lines).toHaveLength(COMMANDS.size);
    for (const [name, { usage, summary }] of COMMANDS) {
      expect(summary).not.toBe('');
      if (name !== 'help') expect(usage).not.toBe('');
      expect(lines.some((line) => line.startsWith(`custos ${name} ${usage}`) && line.endsWith(summary))).toBe(true);
    }
    for (const asked of [[], ['--help'], ['-h'], ['help', '--help']])
      expect(await custos(...asked)).toEqual({ status: 0, lines, errors: [] });
  });

  it('every command tells how it is called, does nothing then, and ends with 0', async () => {
    for (const [name, { usage }] of COMMANDS) {
      if (name === 'help') continue;
      const told = await custos(name, '--help');
      expect(told).toEqual({ status: 0, lines: [expect.stringContaining(`custos ${name} ${usage}`)], errors: [] });
      for (const asked of [
        [name, '-h'],
        [name, '--genesis', 'x', '--help'],
        ['help', name],
      ])
        expect(await custos(...asked)).toEqual(told);
    }
    expect((await custos('verify', '--', '--help')).errors).toContainEqual(
      expect.stringContaining('--genesis is missing'),
    );
    expect((await custos('help', 'mint')).status).toBe(2);
    expect((await custos('help', '--x')).status).toBe(2);
  });

  it('a command that does not exist is status 2', async () => {
    expect(await custos('mint')).toEqual({
      status: 2,
      lines: [],
      errors: [expect.stringContaining('no command mint')],
    });
  });

  it.each<[string, string, readonly string[]]>([
    ['verify', 'FILE is missing', []],
    ['verify', '--genesis is missing', [at('chain.custos')]],
    ['verify', 'one FILE too many', [at('chain.custos'), at('chain.custos'), '--genesis', at('genesis.json')]],
    ['verify', 'ENOENT', [at('chain.custos'), '--genesis', at('none.json')]],
    ['verify', 'JSON', [at('chain.custos'), '--genesis', at('broken.json')]],
    ['verify', '--trust', [at('chain.custos'), '--trust']],
    ['export', '--out is missing', ['--from', 'http://127.0.0.1:1']],
    ['export', '--from is missing', ['--out', at('x'), '--genesis', at('genesis.json'), '--key', at('member.key')]],
    ['export', '--genesis is missing', ['--out', at('x'), '--from', 'http://127.0.0.1:1', '--key', at('member.key')]],
    ['export', '--key is missing', ['--out', at('x'), '--from', 'http://127.0.0.1:1', '--genesis', at('genesis.json')]],
    ['export', 'JSON', ['--out', at('x'), '--from', 'http://127.0.0.1:1', '--genesis', at('broken.json')]],
    ['export', 'surplus', ['surplus']],
    ['key', 'new', []],
    ['key', 'new', ['old', '--out', at('x')]],
    ['key', 'one new too many', ['new', 'old', '--out', at('x')]],
    ['key', '--out is missing', ['new']],
    ['key', 'never overwritten', ['new', '--out', at('member.key')]],
    ['demo', '--port-base x', ['--port-base', 'x']],
    ['demo', '--port-base 0', ['--port-base', '0']],
    ['demo', '--port-base', ['--port-base']],
    ['demo', 'twice', ['twice']],
    ['bench', '--port-base 65536', ['--port-base', '65536']],
    ['bench', '--port-base 7400.5', ['--port-base', '7400.5']],
    ['bench', '--fast', ['--fast']],
    ['bench', 'nothing: one of slice, interop', ['nothing']],
    ['bench', 'slice interop', ['slice', 'interop']],
  ])('%s called wrongly (%s) is status 2, with how to call it', async (name, message, args) => {
    const command = COMMANDS.get(name)!;
    await expect(command.run(args)).rejects.toThrow(UsageError);
    const { status, lines, errors } = await custos(name, ...args);
    expect({ status, lines }).toEqual({ status: 2, lines: [] });
    expect(errors).toEqual([expect.stringContaining(message), `usage: custos ${name} ${command.usage}`]);
    expect(existsSync(at('x'))).toBe(false);
  });
});

describe('custos key new', () => {
  it('writes a key for its owner only, prints what is public of it, and no more', async () => {
    const { status, lines } = await custos('key', 'new', '--out', at('new.key'));
    expect(status).toBe(0);
    const secret = readFileSync(at('new.key'), 'utf8').trim();
    const { keyId, publicKey } = signerFromPrivateKey(secret);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([{ keyId, publicKey }]);
    expect(statSync(at('new.key')).mode & 0o777).toBe(0o600);
  });
});

describe('custos verify', () => {
  it('L8: a right file is status 0, with what it holds', async () => {
    const { status, lines, errors } = await custos('verify', at('chain.custos'), '--genesis', at('genesis.json'));
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(lines[0]).toContain('right from block 0 to 3');
    expect(lines.slice(1)).toEqual([
      '2 transactions, 2 receipts accepted, 1 refused, 3 certificates',
      `state root ${PIECES.at(-2)!.header!.stateRoot}`,
    ]);
  });

  it.each<[string, string, string, () => Uint8Array]>([
    [
      'a changed file',
      'OWN_HASH_WRONG at @',
      'genesis.json',
      () => FILE.map((byte, i) => (i === 100 ? byte ^ 1 : byte)),
    ],
    ['a cut file', `TRUNCATED at @${FILE.length - 1}`, 'genesis.json', () => FILE.subarray(0, -1)],
    ['a file without its last record', 'NOT_FINAL at /height/3', 'genesis.json', () => fileOf(PIECES.slice(0, -1))],
    ['another network', 'NETWORK_WRONG at @0/networkId', 'other.json', () => FILE],
  ])('L8: %s is status 1, and says where: %s', async (_name, found, genesis, bytes) => {
    writeFileSync(at('damaged.custos'), bytes());
    const { status, lines, errors } = await custos('verify', at('damaged.custos'), '--genesis', at(genesis));
    expect({ status, lines }).toEqual({ status: 1, lines: [] });
    expect(errors).toEqual([expect.stringContaining(`damaged.custos: ${found}`)]);
  });

  it('a file that is not there is status 1', async () => {
    const { status, errors } = await custos('verify', at('none.custos'), '--genesis', at('genesis.json'));
    expect({ status, errors }).toEqual({ status: 1, errors: [expect.stringContaining('ENOENT')] });
  });
});

describe('custos export', () => {
  let server: Server;
  let answer: (from: number) => Uint8Array | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      void (async () => {
        const path = request.url ?? '';
        const parsed = parsePeerRequest({ method: 'GET', path }, request.headers, Date.now());
        const { publicKey } = signer;
        const isMember = parsed.ok && (await nodeVerify([peerCheck(FILE_NETWORK_ID, publicKey, parsed.value)]));
        const from = Number(new URL(path, 'http://validator').searchParams.get('from'));
        const body = isMember ? answer(from) : undefined;
        response.writeHead(body ? 200 : 403).end(body);
      })();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  /** A validator's answer: pieces from a height on, at most two blocks. */
  function piecesFrom(from: number): Uint8Array {
    const heights = PIECES.map((piece, i) => (piece.header ?? lastHeader(i)).height);
    return fileOf(PIECES.filter((_, i) => heights[i]! >= from && heights[i]! < from + 2));
  }
  const lastHeader = (i: number) => (PIECES.slice(0, i).findLast(({ header }) => header) as Required<Piece>).header;

  const run = (out: string) => {
    const { port } = server.address() as AddressInfo;
    const from = `http://127.0.0.1:${port}`;
    return custos('export', '--from', from, '--genesis', at('genesis.json'), '--key', at('member.key'), '--out', out);
  };

  it('L8: writes what a validator has, as it is, and verify takes it', async () => {
    answer = piecesFrom;
    expect(await run(at('exported.custos'))).toMatchObject({ status: 0, lines: [expect.stringContaining('4 blocks')] });
    expect(new Uint8Array(readFileSync(at('exported.custos')))).toEqual(FILE);
    const { status } = await custos('verify', at('exported.custos'), '--genesis', at('genesis.json'));
    expect(status).toBe(0);
  });

  it.each<[string, (from: number) => Uint8Array | undefined]>([
    ['that stops answering', (from) => (from === 0 ? piecesFrom(0) : undefined)],
    ['that sends half a block', (from) => piecesFrom(from).subarray(0, 100)],
    ['that sends something else', () => new Uint8Array(20)],
  ])('of a validator %s is status 1, and leaves no file of that name', async (_name, answers) => {
    answer = answers;
    expect(await run(at('half.custos'))).toMatchObject({ status: 1, lines: [] });
    expect(existsSync(at('half.custos'))).toBe(false);
  });
});
