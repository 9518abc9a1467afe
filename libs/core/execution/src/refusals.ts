import { REFUSALS as CUSTODY_REFUSALS } from '@custos/core-custody';
import { REGISTRY_REFUSALS } from '@custos/core-registry';
import { type RefusalRow } from '@custos/core-state';

/**
 * The refusals that only execution gives. Refusals of malformed or oversized events and payloads are in their rooms'
 * tables.
 */
const EXECUTION_REFUSALS = {
  KIND_NOT_ACTIVE: {
    facts: ['kind'],
    meaning: 'Transactions of this kind are reserved and not in force on this network.',
    remedy: 'Wait for a version of the network that has them.',
    class: 'not-yet',
    alert: false,
  },
  ROLLED_BACK: {
    facts: ['failed'],
    meaning: 'Another event of the same document was refused, and the document asked to stand or fall as one.',
    remedy: 'Mend the event that failed and capture the document again.',
    class: 'conflict',
    alert: false,
  },
} as const satisfies Record<string, RefusalRow>;

const TABLES: readonly Readonly<Record<string, RefusalRow>>[] = [
  CUSTODY_REFUSALS,
  REGISTRY_REFUSALS,
  EXECUTION_REFUSALS,
];

/**
 * The refusals of the law in one table. Formats and docs print it, and the HTTP status comes from it. A code that two
 * rooms use (a test holds their class equal) has the text of custody and the facts of both.
 */
export const REFUSALS: { readonly [code: string]: RefusalRow } = TABLES.reduce((all, table) => merged(all, table), {});

function merged(all: Readonly<Record<string, RefusalRow>>, table: Readonly<Record<string, RefusalRow>>) {
  const next: Record<string, RefusalRow> = { ...all };
  for (const [code, row] of Object.entries(table)) {
    const known = all[code];
    next[code] = known ? { ...known, facts: [...new Set([...known.facts, ...row.facts])] } : row;
  }
  return next;
}
