/** What a service of the network said: its status, and its body as JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  /** Milliseconds from request to the last byte. */
  readonly took: number;
}

/** How long a request may take before it counts as lost. */
const REQUEST_LIMIT_MS = 30_000;

/** A caller with a token, of one service. */
export interface Client {
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown, options?: PostOptions): Promise<Answer>;
}

export interface PostOptions {
  readonly idempotencyKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function client(origin: string, token?: string): Client {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  return {
    get: (path) => exchange(origin + path, { headers }),
    post: (path, body, { idempotencyKey = crypto.randomUUID(), headers: own = {} } = {}) =>
      exchange(origin + path, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': idempotencyKey, ...own },
        body: JSON.stringify(body),
      }),
  };
}

async function exchange(url: string, init: RequestInit): Promise<Answer> {
  const started = performance.now();
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_LIMIT_MS) });
  const text = await response.text();
  const took = performance.now() - started;
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers, took };
}
