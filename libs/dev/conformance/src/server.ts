import type { Json, JsonObject } from '@custos/core-bytes';
import { setTimeout as pause } from 'node:timers/promises';

/** What a server said. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined when there is none, or none in JSON. */
  readonly body: Json | undefined;
}

/** An event that a server has taken. */
interface Taken {
  /** Canonical JSON of the event, and of the context that it was first sent under. */
  readonly content: string;
  readonly context: string;
}

/** A running server, asked as any partner asks it. */
export interface Server {
  /** By eventID, what it has taken in this run: others use an id again for another event, or under another context. */
  readonly taken: Map<string, Taken>;
  post(path: string, body: Json, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
  /** Waits for the job behind a Location to end; undefined when it does not. */
  job(location: string): Promise<JsonObject | undefined>;
}

const REQUEST_LIMIT_MS = 60_000;
const JOB_LIMIT_MS = 120_000;
const POLL_MS = 50;
/** How often a server may send us away for the moment, and for how long at most. */
const MAX_RETRIES = 20;
const MAX_PAUSE_S = 10;

export function openServer(origin: string, token: string | undefined): Server {
  const shared: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const stem = origin.endsWith('/') ? origin.slice(0, -1) : origin;

  async function ask(path: string, init: RequestInit): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      const url = path.includes('://') ? path : stem + path;
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
      const text = await response.text();
      const sentAway = response.status === 429 || response.status === 503;
      if (!sentAway || tries >= MAX_RETRIES) return answerOf(response, text);
      const seconds = Number(response.headers.get('retry-after') ?? '1');
      await pause(Math.min(Number.isFinite(seconds) ? seconds : 1, MAX_PAUSE_S) * 1_000);
    }
  }

  const get = (path: string) => ask(path, { headers: shared });
  return {
    taken: new Map(),
    get,
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { ...shared, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async job(location) {
      const end = Date.now() + JOB_LIMIT_MS;
      for (;;) {
        const { body } = await get(location);
        const job = body as JsonObject | undefined;
        if (job?.running === false) return job;
        if (Date.now() > end) return undefined;
        await pause(POLL_MS);
      }
    },
  };
}

function answerOf({ status, headers }: Response, text: string): Answer {
  const isJson = (headers.get('content-type') ?? '').includes('json');
  return { status, headers, body: text === '' || !isJson ? undefined : (JSON.parse(text) as Json) };
}
