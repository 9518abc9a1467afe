/** One thing that was looked at. `wrong`: something would not work. `note`: it works, and somebody should know. */
export interface Finding {
  readonly topic: Topic;
  readonly status: 'ok' | 'note' | 'wrong';
  readonly text: string;
  /** What to do; always there when it is wrong. */
  readonly fix?: string;
}

export type Topic = 'place' | 'versions' | 'ports' | 'kafka' | 'postgres' | 'services' | 'clock' | 'disk' | 'keys';

export function ok(topic: Topic, text: string): Finding {
  return { topic, status: 'ok', text };
}

export function note(topic: Topic, text: string, fix?: string): Finding {
  return { topic, status: 'note', text, ...(fix !== undefined && { fix }) };
}

export function wrong(topic: Topic, text: string, fix: string): Finding {
  return { topic, status: 'wrong', text, fix };
}

/**
 * Returns what an error says, for a line: its code where that is a word (`ECONNREFUSED`), else its message. The code of
 * a DOMException (a timeout) and of a Kafka protocol error is a number, which says nothing to a reader.
 */
export function wordsOf(error: unknown): string {
  const { message, code, cause } = Object(error) as { message?: unknown; code?: unknown; cause?: unknown };
  const { code: innerCode } = Object(cause) as { code?: unknown };
  const words = [code, innerCode, message].find((word) => typeof word === 'string' && word.trim() !== '');
  return typeof words === 'string' ? words.trim() : String(error);
}

/** Returns whether a request ended because its time was over: the other side accepts, and does not answer. */
export function isTimeout(error: unknown): boolean {
  return (Object(error) as { name?: unknown }).name === 'TimeoutError';
}
