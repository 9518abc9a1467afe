/** An answer of another member that is not taken: it failed, points elsewhere, is encoded or too long. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
}

/** The limits of one answer. */
export interface AnswerLimits {
  /** Bytes of the body. */
  readonly maxBytes: number;
  /** Milliseconds from the request to the last byte. */
  readonly timeoutMs: number;
}

/**
 * Sends a GET request and returns the body, or undefined for 404. The answer is of a stranger: a redirect would carry the
 * signed headers elsewhere, a compressed or endless body would fill the memory, so each of them ends the request.
 * @throws AnswerRefused; what `fetch` throws when the address is away or too slow.
 */
export async function getBounded(
  url: string,
  headers: Readonly<Record<string, string>>,
  { maxBytes, timeoutMs }: AnswerLimits,
): Promise<Uint8Array | undefined> {
  const response = await fetch(url, {
    headers: { ...headers, 'accept-encoding': 'identity' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const refused = refusalOf(response, maxBytes);
  if (response.status !== 404 && refused === undefined) return readBounded(url, response, maxBytes);
  await response.body?.cancel();
  if (response.status === 404) return undefined;
  throw new AnswerRefused(`${url}: ${refused}`);
}

function refusalOf({ ok, status, headers }: Response, maxBytes: number): string | undefined {
  if (!ok) return `HTTP ${status}`;
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') return `encoded as ${encoding}, which was not asked for`;
  return Number(headers.get('content-length') ?? 0) > maxBytes ? `more than ${maxBytes} bytes` : undefined;
}

async function readBounded(url: string, response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    if (length > maxBytes) throw new AnswerRefused(`${url}: more than ${maxBytes} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks);
}
