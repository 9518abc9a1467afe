import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { database, dropDatabase } from '@custos/dev-servers';
import type { Network } from '../network.js';
import { databaseName } from '../processes.js';
import { LIMIT_MS, until } from './until.js';
import type { Granted } from './load.js';
import { differenceOf, readModelAt, type ReadModel } from './rows.js';
import { readChain, type ReadChain } from './read-chain.js';

/** What every audit found, to be looked at by the test that asked for it. */
export interface Findings {
  /** Each sentence is a defect. */
  readonly wrong: readonly string[];
  readonly height: number;
  /** Promises that were kept. */
  readonly kept: number;
}

/**
 * Waits until every promise is kept and every process has the same chain, then looks whether what users were told is
 * what the chain says, once, and whether every read model says what a fresh one says.
 */
export async function audit(network: Network, root: string, granted: readonly Granted[]): Promise<Findings> {
  const ends = await Promise.all(granted.map((each) => ended(network, each)));
  const chain = await readChain(network, await agreement(network));
  const wrong = [...ends.flatMap((end) => contradictions(chain, end)), ...(await unlikeRows(network, root))];
  return { wrong, height: chain.height, kept: ends.length };
}

/** What a user knows in the end: a job is asked until it is over. */
interface End {
  readonly granted: Granted;
  readonly status: 'final' | 'refused';
  readonly transaction: string | undefined;
  readonly height: number | undefined;
}

async function ended(network: Network, granted: Granted): Promise<End> {
  const { said, job, transaction, height, wish } = granted;
  if (said !== 'pending') return { granted, status: said, transaction, height };
  return until(`${wish.member} ${job}`, async (): Promise<End | undefined> => {
    const { status, body } = await network.service(wish.member).get(job!);
    const told = body as Readonly<Record<string, unknown>>;
    // The first connection to a Postgres that was killed may be one whose end no one noticed yet.
    if (status === 503) return undefined;
    if (status !== 200) throw new Error(`${wish.member} ${job}: HTTP ${status} ${JSON.stringify(body)}`);
    if (wish.path === '/capture') {
      if (told['running'] === true) return undefined;
      return {
        granted,
        status: told['success'] === true ? 'final' : 'refused',
        transaction: undefined,
        height: undefined,
      };
    }
    if (told['status'] === 'pending') return undefined;
    const { status: end, transaction: last, height: at } = told as Pick<End, 'status' | 'transaction' | 'height'>;
    return { granted, status: end, transaction: last, height: at };
  });
}

/** What the chain says otherwise than the user was told. */
function contradictions(chain: ReadChain, { granted, status, transaction, height }: End): readonly string[] {
  const { wish, said } = granted;
  const found = chain.events.get(wish.mark) ?? [];
  const what = `${wish.member} ${wish.path} ${wish.mark}, told ${said}, in the end ${status}`;
  const [event] = found;
  if (!event || found.length > 1) return [`${what}: ${found.length} times on the chain: ${JSON.stringify(found)}`];
  const wrong: string[] = [];
  if ((event.outcome === 'accepted') !== wish.isGood) wrong.push(`${what}: ${event.outcome} on the chain`);
  if ((status === 'final') !== wish.isGood) wrong.push(`${what}: ${wish.isGood ? 'good' : 'bad'} by itself`);
  if (transaction !== undefined && transaction !== event.transaction)
    wrong.push(`${what}: as ${transaction}, on the chain as ${event.transaction}`);
  if (height !== undefined && height !== event.height)
    wrong.push(`${what}: at ${height}, on the chain at ${event.height}`);
  return wrong;
}

/** Waits until all validators have the same last block; whose chain may be read then. */
async function agreement(network: Network): Promise<string> {
  const names = network.topology.members.map(({ name }) => name);
  await until('one height and one state root at every validator', async () => {
    const [first, ...others] = await Promise.all(
      names.map(async (name) => (await network.validatorStatus(name)).final),
    );
    for (const { height, hash, stateRoot } of others) {
      if (height !== first!.height) return false;
      if (hash !== first!.hash || stateRoot !== first!.stateRoot)
        throw new Error(`two chains at height ${height}: ${JSON.stringify([first, ...others])}`);
    }
    return true;
  });
  return names[0]!;
}

/** Read models that are not what a fresh one is, built from the blocks of the regulator's validator. */
async function unlikeRows(network: Network, root: string): Promise<readonly string[]> {
  const name = databaseName(network.topology, 'fresh');
  const url = await database(network.servers.postgres, name);
  try {
    const { fresh, lived } = await until('every read model at one height', async () => {
      await rebuildRows(network, root, { CUSTOS_POSTGRES: url });
      const built = await readModelAt(url);
      const known = await Promise.all(
        [network.plan.trace, ...network.plan.services].map(async ({ name: service, env }) => {
          const own = env['CUSTOS_POSTGRES']!;
          return { service, model: await until(`${service} at ${built.height}`, () => atLeast(own, built.height)) };
        }),
      );
      // Blocks keep coming: all are looked at until they stand where the fresh one does.
      return known.every(({ model }) => model.height === built.height) && { fresh: built, lived: known };
    });
    return lived.flatMap(({ service, model }) => {
      const difference = differenceOf(model, fresh);
      return difference === undefined ? [] : [`${service}: ${difference}`];
    });
  } finally {
    await dropDatabase(network.servers.postgres, name);
  }
}

async function atLeast(url: string, height: number): Promise<ReadModel | undefined> {
  const model = await readModelAt(url).catch(() => undefined);
  return model && model.height >= height ? model : undefined;
}

/** `trace rebuild`, the command, with trace's environment but for what is given. Throws when it fails. */
export async function rebuildRows(network: Network, root: string, env: Readonly<Record<string, string>> = {}) {
  const script = join(root, 'apps', 'trace', 'dist', 'main.js');
  const child = spawn(process.execPath, [script, 'rebuild'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...network.plan.trace.env, ...env },
    timeout: LIMIT_MS,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`trace rebuild ended with ${String(code)}:\n${said}`);
  return said;
}

/** What one more reader of the regulator's validator knows otherwise than trace. */
export function rowsLikeTrace(network: Network, url: string): Promise<string | undefined> {
  const lived = network.plan.trace.env['CUSTOS_POSTGRES']!;
  return until('both at one height', async () => {
    const [one, other] = [await readModelAt(lived), await readModelAt(url)];
    return one.height === other.height && { difference: differenceOf(one, other) };
  }).then(({ difference }) => difference);
}
