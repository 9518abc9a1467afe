import { connect } from 'node:net';

/** A request as bytes; see formats/api/testing. */
export interface RawHttp {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** An answer that takes longer counts as none: the service hangs. */
const ANSWER_LIMIT_MS = 30_000;

/** Sends a request as it is and reads until the other side closes. Rejects when nothing came in time. */
export function sendRaw(port: number, { method, target, headers, body }: RawHttp): Promise<RawAnswer> {
  const length: Record<string, string> = body ? { 'content-length': String(body.length) } : {};
  const all = { host: 'localhost', ...length, ...headers, connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const head = Buffer.from(`${[`${method} ${target} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`, 'latin1');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat([head, body ?? Buffer.alloc(0)])));
    socket.setTimeout(ANSWER_LIMIT_MS, () => socket.destroy(new Error(`no answer: ${head.toString('latin1')}`)));
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('close', () => resolve(parsedAnswer(Buffer.concat(chunks))));
    // The other side may close while a body that it does not want is on its way.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!['EPIPE', 'ECONNRESET'].includes(error.code ?? '')) reject(error);
    });
  });
}

/** Status 0: closed without a word. Of several answers (100 Continue first) the last one counts. */
function parsedAnswer(bytes: Buffer): RawAnswer {
  const whole = bytes.toString('utf8');
  const text = whole.startsWith('HTTP/1.1 100') ? whole.slice(whole.indexOf('\r\n\r\n') + 4) : whole;
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { status: Number(first.split(' ')[1] ?? 0), headers: Object.fromEntries(headers), text: text.slice(end + 4) };
}

/**
 * Returns the fault of an answer to garbage; undefined when it keeps the rules: never a 5xx, but 503 that names what
 * is away and when to come back; every "no" a problem with code, field and fix.
 */
export function faultOfAnswer({ status, headers, text }: RawAnswer, method: string): string | undefined {
  if (status === 0) return 'closed without an answer';
  if (headers['x-content-type-options'] !== 'nosniff') return `${status} without security headers`;
  if (status < 400) return undefined;
  if (!headers['content-type']?.startsWith('application/problem+json')) return `${status} is no problem: ${text}`;
  if (method === 'HEAD') return undefined;
  const problem = JSON.parse(text) as Record<string, unknown>;
  if (status === 503 && headers['retry-after'] && problem.away) return undefined;
  if (status >= 500) return `${status}: ${text}`;
  const texts = ['type', 'title', 'code', 'fix'].filter(
    (name) => typeof problem[name] !== 'string' || problem[name] === '',
  );
  if (texts.length > 0) return `${status} without ${texts.join(', ')}: ${text.slice(0, 500)}`;
  // The law's "no" is about units, not about a field; its facts say which.
  if (typeof problem.field !== 'string' && problem.receipt === undefined) return `${status} without field: ${text}`;
  return problem.status === status ? undefined : `${status} says it is ${String(problem.status)}`;
}
