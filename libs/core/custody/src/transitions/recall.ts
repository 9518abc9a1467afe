import { isJsonObject, type Json } from '@custos/core-bytes';
import type { Lgtin } from '@custos/core-gs1';
import { RECALL_DEPTHS, type RecallDepth } from '@custos/core-registry';
import { LIMITS } from '../limits.js';
import { RECALL_CLASSES, type Lot, type Recall, type RecallClass } from '../units/lot.js';
import type { EventUnderLaw, Transition } from '../law/event-under-law.js';
import { custosExtension } from '@custos/core-epcis';
import { memberOf, textMember } from '../event/reading.js';
import { no, refuse, type No } from '../law/refuse.js';
import { lotKey } from '../state-keys.js';

type Statement = Omit<Recall, 'since'>;

/**
 * C19: recalls lots, known or not. All their units are recalled at once, since a unit's recalls are those of its lot.
 */
export const recall: Transition = (underLaw, targets) => {
  // A recall of serials needs holds on a list of units.
  if (targets.length > 0) return refuse('NOT_YET', { rule: 'C12' });
  const statement = statementOf(custosExtension(underLaw.event, 'recall'));
  if ('malformed' in statement)
    return refuse('MALFORMED_EVENT', { field: `custos:recall/${statement.malformed}`, fix: statement.fix });
  const lots = lotsNamed(underLaw);
  if (lots.length === 0)
    return refuse('MALFORMED_EVENT', { field: 'quantityList', fix: 'name the lots as epcClass, GTIN and lot number' });
  for (const lot of lots) {
    const failed = recallOne(underLaw, lot, statement);
    if (failed) return { outcome: 'refused', refusal: failed };
  }
  return undefined;
};

function lotsNamed({ event }: EventUnderLaw): readonly Lgtin[] {
  if (event.type !== 'ObjectEvent') return [];
  return event.quantityList.flatMap(({ identifier }) => (identifier.kind === 'lgtin' ? [identifier] : []));
}

function recallOne(underLaw: EventUnderLaw, { gtin, lot: number }: Lgtin, statement: Statement): No | undefined {
  const { registered, units, signer, warnings, context } = underLaw;
  const product = registered.productOf(gtin);
  // S2: recorded and not judged.
  if (!product) {
    warnings.add('UNKNOWN_GTIN', gtin);
    return undefined;
  }
  const owner = registered.ownerOf(gtin) ?? product.owner;
  if (owner !== signer.gln && !signer.roles.includes('regulator'))
    return no('GTIN_NOT_OWNED', { gtin, owner, signer: signer.gln });
  const key = lotKey(product.gtin, number);
  const lot: Lot = units.findLot(key) ?? { key, recalls: [], units: 0 };
  const before = lot.recalls.find(({ id }) => id === statement.id);
  if (before && isMilder(statement, before, signer.roles.includes('regulator')))
    return no('RECALL_NARROWED', {
      lot: key,
      recall: before.id,
      class: before.class,
      depth: before.depth,
      markets: before.markets,
    });
  if (!before && lot.recalls.length >= LIMITS.recalls)
    return no('TOO_LARGE', { key, part: 'recalls', limit: LIMITS.recalls });
  if (before && isSame(statement, before)) warnings.add('REPEATED', key);
  const stated: Recall = { ...statement, since: before?.since ?? context.timestamp };
  units.putLot({ ...lot, recalls: [...lot.recalls.filter(({ id }) => id !== stated.id), stated].sort(byId) });
  return undefined;
}

// Ascending by id, independent of the order in which they came.
function byId(a: Recall, b: Recall): number {
  return a.id < b.id ? -1 : 1;
}

/**
 * Reports whether a statement is milder: class and depth only rise, markets only widen; a regulator may restate the
 * class.
 */
function isMilder(now: Statement, before: Recall, regulator: boolean): boolean {
  const classFell = now.class > before.class && !regulator;
  const depthFell = RECALL_DEPTHS.indexOf(now.depth) < RECALL_DEPTHS.indexOf(before.depth);
  // An empty list means every market.
  const left =
    before.markets.length === 0 ? now.markets.length > 0 : before.markets.some((market) => !covers(now, market));
  return classFell || depthFell || left;
}

function covers({ markets }: Statement, market: string): boolean {
  return markets.length === 0 || markets.includes(market);
}

function isSame(now: Statement, before: Recall): boolean {
  return now.class === before.class && now.depth === before.depth && now.markets.join() === before.markets.join();
}

function statementOf(value: Json | undefined): Statement | { readonly malformed: string; readonly fix: string } {
  const id = textMember(value, 'id');
  const depth = textMember(value, 'depth');
  const grade = classOf(memberOf(value, 'class'));
  const markets = marketsOf(memberOf(value, 'markets'));
  if (!isJsonObject(value) || id === undefined || id === '' || id.length > LIMITS.recallId)
    return { malformed: 'id', fix: `give the recall an id of 1 to ${LIMITS.recallId} characters` };
  if (grade === undefined) return { malformed: 'class', fix: 'send 1, 2 or 3' };
  if (!isDepth(depth)) return { malformed: 'depth', fix: `send one of ${RECALL_DEPTHS.join(', ')}` };
  if (!markets) return { malformed: 'markets', fix: 'send a list of ISO 3166-1 alpha-2 codes; empty = everywhere' };
  return { id, class: grade, depth, markets };
}

function isDepth(word: string | undefined): word is RecallDepth {
  return RECALL_DEPTHS.some((depth) => depth === word);
}

// Documents that were converted from XML hold numbers as text.
function classOf(value: Json | undefined): RecallClass | undefined {
  return RECALL_CLASSES.find((grade) => value === grade || value === String(grade));
}

function marketsOf(value: Json | undefined): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length > LIMITS.recallMarkets) return undefined;
  const markets: string[] = [];
  for (const market of value as readonly Json[]) {
    if (typeof market !== 'string' || !isCountry(market)) return undefined;
    markets.push(market);
  }
  return [...new Set(markets)].sort();
}

function isCountry(text: string): boolean {
  return text.length === 2 && [0, 1].every((i) => text[i]! >= 'A' && text[i]! <= 'Z');
}
