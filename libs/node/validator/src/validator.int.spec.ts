import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@custos/core-bytes';
import {
  decodeFinalMessage,
  genesisJson,
  parseAnswer,
  scanChainFile,
  trustGenesis,
  verifyAnswer,
  type Genesis,
} from '@custos/core-chain';
import {
  differenceOf,
  exampleUrl,
  PEER_EXAMPLES,
  PEERS,
  PROBLEM_MEDIA_TYPE,
  SYSTEM,
  SYSTEM_EXAMPLES,
  type Route,
  type RouteExample,
} from '@custos/formats-api';
import { decodeFrames, peerHeaders } from '@custos/formats-peers';
import type { Signer } from '@custos/core-crypto';
import { keyKey, partyKey } from '@custos/core-registry';
import { fileAddress, openLanes } from '@custos/shell-lanes';
import { nodeHasher, nodeVerify, saveKeyFile, type PrivateKey } from '@custos/shell-node-crypto';
import { DEFAULT_RATES, openLog } from '@custos/shell-process';
import { genesisFor, membersOf, productTransaction, until, VALIDATOR_KEYS } from './testing/four-validators.js';
import { networkOf } from './network.js';
import { startValidator, type RunningValidator } from './start-validator.js';

const ROUTES: readonly Route[] = [...Object.values<Route>(PEERS), ...Object.values<Route>(SYSTEM)];
const DOCUMENTED = [...PEER_EXAMPLES, ...SYSTEM_EXAMPLES].map((one): [string, RouteExample] => [
  `${one.route}, ${one.name}: ${one.summary}`,
  one,
]);

const lanesFolder = mkdtempSync(join(tmpdir(), 'custos-lanes-'));
/** Files where the run has no Kafka. */
const LANES = process.env.CUSTOS_KAFKA ?? fileAddress(lanesFolder);
const members = membersOf(4);
const client = openLanes(LANES, { clientId: 'validator-test', log: () => undefined });
const log = openLog('test', 'silent');
const running: (RunningValidator | undefined)[] = [];
let directory: string;
let genesis: Genesis;
let ports: readonly number[];

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function start(index: number): Promise<void> {
  running[index] = await startValidator(
    {
      genesisFile: join(directory, 'genesis.json'),
      keyFile: join(directory, `${index}.key`),
      directory: join(directory, String(index)),
      lanes: LANES,
      host: '127.0.0.1',
      port: ports[index]!,
      ...{ watchHost: '127.0.0.1', watchPort: 0, proxies: [], ...DEFAULT_RATES },
    },
    log,
  );
}

async function stop(index: number): Promise<void> {
  await running[index]?.close();
  running[index] = undefined;
}

const url = (index: number, path: string): string => `http://127.0.0.1:${ports[index]}${path}`;
const watchUrl = (index: number, path: string): string => `http://127.0.0.1:${running[index]!.watchPort}${path}`;

async function ask(index: number, path: string, signer: Signer): Promise<Response> {
  const { networkId } = networkOf(nodeHasher, genesis, members[0]!.validatorKey.keyId);
  return fetch(url(index, path), {
    headers: await peerHeaders(signer, networkId, { method: 'GET', path, at: Date.now() }),
  });
}

async function heightOf(index: number): Promise<number> {
  return ((await (await fetch(watchUrl(index, '/status'))).json()) as { height: number }).height;
}

async function untilHeight(height: number): Promise<void> {
  const heights = members.map(() => 0);
  const look = async (index: number): Promise<void> => {
    if (running[index]) heights[index] = await heightOf(index);
  };
  for (let i = 0; i < members.length; i++) {
    let asking: Promise<void> | undefined;
    await until(() => {
      asking ??= look(i).finally(() => (asking = undefined));
      return !running[i] || heights[i]! >= height;
    }, `validator ${i} at height ${height}`);
    await asking;
  }
}

async function sendProduct(serial: number): Promise<void> {
  const { bytes } = await productTransaction(genesis, members[0]!, serial, Date.now());
  await client.publish(`${genesis.name}.tx.${members[0]!.gln}`, [bytes]);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'custos-validator-'));
  ports = await Promise.all(members.map(freePort));
  const plain = genesisFor(members);
  genesis = {
    ...plain,
    name: `int-${ports[0]}`,
    validators: plain.validators.map((entry) => {
      const index = members.findIndex(({ gln }) => gln === entry.gln);
      return { ...entry, endpoints: { lanes: LANES, http: url(index, '') } };
    }),
  };
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesisJson(genesis)));
  for (let i = 0; i < members.length; i++)
    await saveKeyFile(join(directory, `${i}.key`), VALIDATOR_KEYS[i] as PrivateKey);
  await Promise.all(members.map((_, i) => start(i)));
});

afterAll(async () => {
  await Promise.all(members.map((_, i) => stop(i)));
  await client.close();
  rmSync(lanesFolder, { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
});

describe('four validators on LMDB, lanes and HTTP', () => {
  it('make a transaction final, and one that was away pulls what it missed', async () => {
    await sendProduct(1);
    await untilHeight(1);
    await stop(3);
    const before = await heightOf(0);
    await sendProduct(2);
    await untilHeight(before + 1);
    await start(3);
    await untilHeight(before + 1);
    expect((await fetch(url(3, '/health/ready'))).status).toBeLessThan(504);
  });

  it('L4.6, L8: hand out runs and chain file to members only', async () => {
    const { partyKey: signer } = members[1]!;
    const runs = decodeFrames(new Uint8Array(await (await ask(0, '/runs?from=1', signer)).arrayBuffer()));
    const types = runs.ok ? runs.value.map((bytes) => decodeFinalMessage(bytes)) : [];
    const names = types.map((message) => message.ok && message.value.type);
    expect(names.slice(0, 2)).toEqual(['block', 'receipts']);
    expect(names.at(-1)).toBe('record');
    const file = new Uint8Array(await (await ask(0, '/blocks?from=0', signer)).arrayBuffer());
    const { networkId } = networkOf(nodeHasher, genesis, members[0]!.validatorKey.keyId);
    const items = [...scanChainFile(nodeHasher, networkId, 4, file)];
    expect(items.map(({ type }) => type)).toEqual(expect.arrayContaining(['block', 'record']));
    expect(items.flatMap((item) => (item.type === 'block' ? [item.block.header.height] : []))[0]).toBe(0);
    for (const path of ['/runs?from=1', '/blocks?from=0', '/certificates?from=1', `/leaves?key=${partyKey('1')}`])
      expect((await fetch(url(0, path))).status).toBe(401);
    expect((await ask(0, '/runs?from=x', signer)).status).toBe(400);
    expect((await ask(0, `/blocks/${'0'.repeat(64)}`, signer)).status).toBe(404);
  });

  it('SR12: status at the watch listener, and for members; metrics at the watch listener alone', async () => {
    const statuses = async (...asked: readonly Promise<Response>[]) =>
      (await Promise.all(asked)).map(({ status }) => status);
    const { partyKey: signer } = members[1]!;
    expect(await statuses(fetch(watchUrl(0, '/status')), ask(0, '/status', signer), fetch(url(0, '/status')))).toEqual([
      200, 200, 401,
    ]);
    expect(
      await statuses(fetch(watchUrl(0, '/metrics')), ask(0, '/metrics', signer), fetch(url(0, '/metrics'))),
    ).toEqual([200, 404, 404]);
    expect(await statuses(fetch(watchUrl(0, '/runs?from=1')), ask(0, '/runs?from=1', signer))).toEqual([404, 200]);
  });

  it.each(DOCUMENTED)('%s, as documented', async (_title, example) => {
    const route = ROUTES.find(({ name }) => name === example.route)!;
    const path = exampleUrl(route.path, example);
    const isWatched = route.access.endsWith('watch');
    const answer = await (example.by
      ? ask(0, path, members[1]!.partyKey)
      : fetch(isWatched ? watchUrl(0, path) : url(0, path)));
    const media = answer.status >= 400 ? PROBLEM_MEDIA_TYPE : (route.media ?? 'application/json');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      example.status,
      expect.stringContaining(media),
    ]);
    if (example.answer !== undefined)
      expect(differenceOf(example.answer, (await answer.json()) as Json)).toBeUndefined();
  });

  it('L7.2: answer for leaves with a proof that a light client accepts', async () => {
    const key = keyKey(members[2]!.partyKey.keyId);
    const response = await ask(1, `/leaves?key=${key}&key=party/0000000000000&proof=true`, members[0]!.partyKey);
    const bundle = parseAnswer((await response.json()) as Json);
    const proven = bundle.ok && verifyAnswer(nodeHasher, trustGenesis(nodeHasher, genesis), bundle.value);
    if (!proven || !proven.ok) throw new Error('no proof');
    expect(await nodeVerify(proven.value.checks)).toBe(true);
    expect(proven.value.leaves.get(key)).toMatchObject({ party: members[2]!.gln });
    expect(proven.value.leaves.has('party/0000000000000')).toBe(true);
    expect(proven.value.leaves.get('party/0000000000000')).toBeUndefined();
    const plain = (await (await ask(1, `/leaves?keys=${key}`, members[0]!.partyKey)).json()) as { leaves: Json };
    expect(plain.leaves).toMatchObject([{ key, value: { party: members[2]!.gln } }]);
  });
});
