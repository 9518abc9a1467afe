import { candidateRows } from './choose.js';
import type { EventUnderLaw } from './event-under-law.js';
import { listedItems } from '../event/reading.js';
import { refuse } from './refuse.js';
import type { Rule } from './rows.js';
import type { CustodyRefused } from './types.js';

/** The rows that move a unit or end it. */
const MOVES_OR_ENDS: readonly Rule[] = ['C3', 'C4', 'C6', 'C7', 'C8', 'C9', 'C11', 'C15', 'C16', 'C18'];

/**
 * S1: checks for packs of a registered product that the event names by a UPUI or an ITIP, keys that no unit has.
 * Refuses OTHER_KEY in a step that moves or ends units; any other event is recorded with a warning.
 */
export function checkOtherKeys(underLaw: EventUnderLaw): CustodyRefused | undefined {
  const { event, registered, warnings } = underLaw;
  const parent = event.type === 'AggregationEvent' && event.parentID ? [event.parentID] : [];
  const epcs = new Set<string>();
  for (const { epc, identifier } of [...parent, ...listedItems(event)]) {
    const isOther = identifier.kind === 'upui' || identifier.kind === 'itip';
    if (isOther && registered.productOf(identifier.gtin)) epcs.add(epc);
  }
  const [epc] = epcs;
  if (epc === undefined) return undefined;
  // S2: also in a container that is not of this network, whose packing is only recorded.
  const [first] = candidateRows(event);
  if (first && MOVES_OR_ENDS.includes(first.row.rule)) return refuse('OTHER_KEY', { epc, count: epcs.size });
  warnings.add('OTHER_KEY');
  return undefined;
}
