/** The server rolled back and asks to try again: serialisation failure, deadlock. */
const CONTENTION = new Set(['40001', '40P01']);

/** The server is going down, coming up, or out of connections (class 57P and 53300). */
const SERVER_AWAY = new Set(['57P01', '57P02', '57P03', '53300']);

const SOCKET_AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);

/** Messages of pg without a code, for a socket that ends under a query or a connection that does not come in time. */
const PG_WORDS = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
];

/** True when the server has rolled back and the same work may pass next time. */
export function isContention(error: unknown): boolean {
  return CONTENTION.has(codeOf(error));
}

/** True when there is no working connection, whatever the statement was. */
export function isConnectionFailure(error: unknown): boolean {
  const code = codeOf(error);
  if (SERVER_AWAY.has(code) || SOCKET_AWAY.has(code) || code.startsWith('08')) return true;
  return error instanceof Error && PG_WORDS.some((words) => error.message.includes(words));
}

function codeOf(error: unknown): string {
  const code: unknown = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : '';
}
