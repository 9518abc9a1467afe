import type { Corpus } from './corpus.js';
import type { Server } from './server.js';

/** What one case came to. */
export interface Finding {
  readonly outcome: 'accepted' | 'refused' | 'skipped';
  /** Machine code of a refusal. */
  readonly code?: string;
  /** What should have been instead, and what was; or why it is skipped. */
  readonly fault?: string;
}

export interface Case {
  /** Unique in its suite. */
  readonly name: string;
  run(): Finding | Promise<Finding>;
}

/** One public suite. `name` is that of the corpus' index. */
export interface Suite {
  readonly name: string;
  /** What it checks, in a line. */
  readonly about: string;
  readonly core?: (corpus: Corpus, suite: string) => readonly Case[];
  readonly server?: (corpus: Corpus, suite: string, server: Server) => readonly Case[];
}

export function skipped(why: string): Finding {
  return { outcome: 'skipped', fault: why };
}
