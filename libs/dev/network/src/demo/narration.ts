import type { Answer } from '../http.js';

/** Where the story is told: a terminal, or a test that only listens. */
export interface Narrator {
  step(number: number, title: string): void;
  line(text: string): void;
}

export function terminalNarrator(write: (line: string) => void): Narrator {
  return {
    step: (number, title) => write(`\n${number}. ${title}`),
    line: (text) => write(`   ${text}`),
  };
}

/** A step of the story came out otherwise than it should. */
export class UnexpectedOutcome extends Error {
  constructor(what: string, answer: unknown) {
    super(`${what}: ${JSON.stringify(answer, null, 2)}`);
  }
}

/** The answer's body, when the status is the expected one. */
export function expectStatus(answer: Answer, status: number, what: string): Record<string, unknown> {
  if (answer.status !== status)
    throw new UnexpectedOutcome(`${what}: HTTP ${answer.status}, not ${status}`, answer.body);
  return answer.body as Record<string, unknown>;
}

export function expectEqual(found: unknown, expected: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new UnexpectedOutcome(`${what}: expected ${JSON.stringify(expected)}`, found);
  }
}

export function milliseconds(took: number): string {
  return `${took.toFixed(took < 10 ? 1 : 0)} ms`;
}

/** Rows in columns, each as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
