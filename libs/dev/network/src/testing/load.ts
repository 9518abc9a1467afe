import { pause } from '../child.js';
import type { Answer } from '../http.js';
import type { Stage } from '../stage.js';
import type { Wish, Wishing } from './requests.js';
import { LIMIT_MS, reached, until } from './until.js';

/** A client that cannot connect knocks again after this time. */
const KNOCK_MS = 100;

/** Between two wishes of one user: the load is steady, and does not grow with the time that a start takes. */
const THINK_MS = 50;

/** What became of a wish, as its user was told. */
export interface Granted {
  readonly wish: Wish;
  readonly said: 'final' | 'refused' | 'pending';
  readonly transaction: string;
  /** Of `final` and `refused`. */
  readonly height?: number;
  /** Of `pending`. */
  readonly job?: string;
}

/** How often each answer was given: `201`, `refused`, `202`, `503 Postgres`, `unreachable`. */
type Tally = ReadonlyMap<string, number>;

export interface Load {
  /** Resolves when so many more wishes were answered than now. */
  more(answers: number): Promise<void>;
  /** Resolves when somebody was told this. */
  told(what: string): Promise<void>;
  /** Lets every wish have its answer, and begins no other. Throws the first answer that no one should ever see. */
  stop(): Promise<readonly Granted[]>;
  tally(): Tally;
}

/** An answer that is none of the few that a user may see. */
class Lie extends Error {
  constructor({ member, path, mark }: Wish, { status, body, headers }: Answer) {
    super(`${member} ${path} ${mark}: HTTP ${status} ${JSON.stringify([...headers])} ${JSON.stringify(body)}`);
  }
}

export interface LoadOptions {
  readonly wishes: Wishing;
  readonly usersEach: number;
  /** Codes of packs that trace knows already: somebody verifies them all the time. */
  readonly known: readonly string[];
}

/** So many users of each member at once, each sending one wish after another as a careful client does. */
export function startLoad(stage: Stage, { wishes, usersEach, known }: LoadOptions): Load {
  const granted: Granted[] = [];
  const tally = new Map<string, number>();
  let stopped = false;
  let failure: unknown;

  const count = (what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);
  const use = async (next: () => Wish) => {
    while (!stopped) {
      granted.push(await grant(stage, next(), count));
      await pause(THINK_MS);
    }
  };
  const verify = async () => {
    for (let i = 0; !stopped; i++) {
      count(await verified(stage, known[i % known.length]!));
      await pause(KNOCK_MS);
    }
  };
  const fail = (error: unknown) => {
    failure ??= error;
    stopped = true;
  };
  const users = Object.keys(wishes).flatMap((member) =>
    Array.from({ length: usersEach }, () => use(wishes[member]!).catch(fail)),
  );
  if (known.length > 0) users.push(verify().catch(fail));
  return {
    tally: () => tally,
    async more(answers) {
      const goal = granted.length + answers;
      await until(`${answers} more answers`, () => granted.length >= goal || failure !== undefined);
      if (failure !== undefined) throw failure;
    },
    async told(what) {
      await until(what, () => tally.has(what) || failure !== undefined);
      if (failure !== undefined) throw failure;
    },
    async stop() {
      stopped = true;
      await Promise.all(users);
      if (failure !== undefined) throw failure;
      return granted;
    },
  };
}

/** Sends a wish, again and again under its key, until its user knows what becomes of it. */
export async function grant(stage: Stage, wish: Wish, count: (what: string) => void): Promise<Granted> {
  for (const deadline = Date.now() + LIMIT_MS; Date.now() < deadline;) {
    const answer = await send(stage, wish);
    if (answer === undefined) {
      count('unreachable');
      await pause(KNOCK_MS);
      continue;
    }
    const verdict = read(wish, answer);
    count(typeof verdict === 'string' ? verdict : verdict.said === 'pending' ? '202' : verdict.said);
    if (typeof verdict !== 'string') return verdict;
    await pause(Number(answer.headers.get('retry-after')) * 1_000);
  }
  throw new Error(`${wish.member} ${wish.path} ${wish.mark}: no answer within ${LIMIT_MS / 1_000} s`);
}

/** What the public is told of a genuine pack: that it is one, or that trace cannot say at the moment. */
async function verified(stage: Stage, code: string): Promise<string> {
  const answer = await reached(() => stage.traceAs().get(`/verify?code=${encodeURIComponent(code)}`));
  if (answer === undefined) return 'trace: unreachable';
  const { verdict, away } = answer.body as { readonly verdict?: string; readonly away?: string };
  if (answer.status === 503 && Number(answer.headers.get('retry-after')) > 0 && away !== undefined)
    return `trace: 503 ${away}`;
  if (answer.status === 200 && verdict === 'VERIFIED') return 'trace: VERIFIED';
  throw new Error(`trace on ${code}: HTTP ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** Undefined: no one listened, or the connection broke. */
function send(stage: Stage, { member, path, body, key }: Wish): Promise<Answer | undefined> {
  return reached(() => stage.service(member).post(path, body, { idempotencyKey: key }));
}

/** What the user knows now; a text names what was away. */
function read(wish: Wish, answer: Answer): Granted | string {
  const { status, headers } = answer;
  const body = (answer.body ?? {}) as Readonly<Record<string, unknown>>;
  const { transaction, height, job, away } = body;
  if (status === 503 && Number(headers.get('retry-after')) > 0 && typeof away === 'string') return `503 ${away}`;
  // EPCIS 2.0.1, 12.6.1: a capture is answered by its job.
  if (status === 202 && wish.path === '/capture')
    return { wish, said: 'pending', transaction: '', job: headers.get('location')! };
  if (status === 202 && typeof job === 'string' && typeof transaction === 'string')
    return { wish, said: 'pending', transaction, job: `/jobs/${job}` };
  const isOnChain = typeof transaction === 'string' && typeof height === 'number';
  if (status === 201 && wish.isGood && isOnChain) return { wish, said: 'final', transaction, height };
  if (status >= 400 && status < 500 && !wish.isGood && isOnChain) return { wish, said: 'refused', transaction, height };
  throw new Lie(wish, answer);
}
