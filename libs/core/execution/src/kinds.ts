import type { Kind, KindName, Receipt } from '@custos/core-chain';
import { CUSTODY_SPACES, decide } from '@custos/core-custody';
import { parseContext, parseEvent } from '@custos/core-epcis';
import {
  decideKey,
  decideParty,
  decideProduct,
  parseKeyPayload,
  parsePartyPayload,
  parseProductPayload,
  REGISTRY_SPACES,
  VALIDATORS_KEY,
} from '@custos/core-registry';
import { captureRunner, type CaptureLaw } from './run-capture.js';
import { payloadRunner, refusingRunner } from './run-payload.js';
import type { TransactionScope } from './scope.js';

/** The law of one kind: the state that it owns and the function that executes it. */
export interface KindRow {
  readonly name: KindName;
  /** State keys that it may write: whole keys, or spaces that end in `/`. Disjoint (a test), and enforced. */
  readonly owns: readonly string[];
  /** Parses, decides, writes the accepted changes to `scope.state`, and returns the receipts. */
  readonly run: (scope: TransactionScope) => readonly Receipt[];
}

/** A table with one row for each kind. */
export type KindTable = { readonly [kind in Kind]: KindRow };

const LAW: CaptureLaw = {
  parseContext: (context) => parseContext(context, '/context'),
  parseEvent: (event, context) => parseEvent(event, context),
  decide,
};

const { party, gln, prefix, key, product, gtin, rule } = REGISTRY_SPACES;

/** The law: one row for each kind (L2.6). */
export const KINDS: KindTable = {
  1: { name: 'capture', owns: Object.values(CUSTODY_SPACES), run: captureRunner(LAW) },
  2: { name: 'party', owns: [party, gln, prefix], run: payloadRunner(parsePartyPayload, decideParty) },
  3: { name: 'key', owns: [key], run: payloadRunner(parseKeyPayload, decideKey) },
  4: { name: 'product', owns: [product, gtin], run: payloadRunner(parseProductPayload, decideProduct) },
  5: { name: 'validators', owns: [VALIDATORS_KEY], run: refusingRunner('NOT_YET', 'validators') },
  6: { name: 'misbehaviour', owns: ['misbehaviour/'], run: refusingRunner('NOT_YET', 'misbehaviour') },
  7: { name: 'rule', owns: [rule], run: refusingRunner('KIND_NOT_ACTIVE', 'rule') },
  8: { name: 'record', owns: ['record/'], run: refusingRunner('KIND_NOT_ACTIVE', 'record') },
};

/**
 * Returns the row of a kind.
 * @throws RangeError for an unknown kind, which the decoder refuses (L2.1).
 */
export function kindRow(kinds: KindTable, kind: number): KindRow {
  const row = (kinds as { readonly [kind: number]: KindRow | undefined })[kind];
  if (!row) throw new RangeError(`kind ${kind} passed the decoder`);
  return row;
}
