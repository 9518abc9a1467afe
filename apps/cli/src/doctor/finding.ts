/** One thing that was looked at. `wrong`: something would not work. `note`: it works, and somebody should know. */
export interface Finding {
  readonly topic: Topic;
  readonly status: 'ok' | 'note' | 'wrong';
  readonly text: string;
  /** What to do; always there when it is wrong. */
  readonly fix?: string;
}

export type Topic = 'versions' | 'ports' | 'kafka' | 'postgres' | 'services' | 'clock' | 'disk' | 'keys';

export function ok(topic: Topic, text: string): Finding {
  return { topic, status: 'ok', text };
}

export function note(topic: Topic, text: string, fix?: string): Finding {
  return { topic, status: 'note', text, ...(fix !== undefined && { fix }) };
}

export function wrong(topic: Topic, text: string, fix: string): Finding {
  return { topic, status: 'wrong', text, fix };
}

/** The words of an error, for a line. */
export function wordsOf(error: unknown): string {
  const { message, code, cause } = error as { message?: string; code?: string; cause?: { code?: string } };
  return (code ?? cause?.code ?? message ?? String(error)).trim() || String(error);
}
