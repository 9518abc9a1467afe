import { unreachable, type JsonObject } from '@custos/core-bytes';
import { acceptWithin, actingParty, isDecision, type RegistryDecision, type RegistryEnvelope } from './acting.js';
import { gtinEntry, gtinOf, productEntry, productRecordOf, type ProductRecord } from '../entries/entries.js';
import { MAX_VERSIONS } from '../limits.js';
import type { Party } from '../entries/party.js';
import type { ProductPayload, ProductStatement } from '../payloads/product-payload.js';
import type { Level, MasterData } from '../entries/product.js';
import { refuse } from './refusals.js';
import { registry } from '../entries/registry.js';
import { overlay, type Overlay, type StateView } from '@custos/core-state';
import { gtinKey, productKey } from '../entries/state-keys.js';

/** Decides one transaction of kind `product` (L2.6). Pure; a refusal changes nothing. */
export function decideProduct(state: StateView, envelope: RegistryEnvelope, payload: ProductPayload): RegistryDecision {
  const signer = actingParty(state, envelope);
  if (isDecision(signer)) return signer;
  switch (payload.op) {
    case 'register':
      return register(state, envelope, signer, payload.product);
    case 'revise':
      return revise(state, envelope, signer, payload.product, payload.effectiveFrom);
    case 'withdraw':
      return withdraw(state, envelope, signer, payload.gtin, payload.market);
    case 'grant':
      return grant(state, envelope, signer, payload.gtin, payload.to);
    default:
      return unreachable(payload);
  }
}

function register(
  state: StateView,
  envelope: RegistryEnvelope,
  signer: Party,
  statement: ProductStatement,
): RegistryDecision {
  const existing = productRecord(state, statement.gtin);
  if (existing) return refuse('PRODUCT_EXISTS', { gtin: statement.gtin, version: newest(existing).version });
  const first = { ...statement.master, version: 1, effectiveFrom: envelope.timestamp };
  return write(state, envelope, signer, statement, {
    owner: signer.gln,
    coveredFrom: statement.coveredFrom,
    withdrawn: {},
    levels: [],
    versions: [first],
  });
}

function revise(
  state: StateView,
  envelope: RegistryEnvelope,
  signer: Party,
  statement: ProductStatement,
  from: number | undefined,
): RegistryDecision {
  const existing = productRecord(state, statement.gtin);
  if (!existing) return refuse('PRODUCT_UNKNOWN', { gtin: statement.gtin });
  const last = newest(existing);
  const earliest = Math.max(envelope.timestamp, last.effectiveFrom);
  const effectiveFrom = from ?? envelope.timestamp;
  if (effectiveFrom < earliest) return refuse('EFFECTIVE_FROM_TOO_EARLY', { effectiveFrom, earliest });
  const removed = existing.levels.find((level) => !levelsOf(statement).some((kept) => kept.gtin === level.gtin));
  if (removed) return refuse('LEVEL_REMOVED', { gtin: removed.gtin });
  const next = { ...statement.master, version: last.version + 1, effectiveFrom };
  const versions = [...notSuperseded(existing.versions, envelope.timestamp), next];
  if (versions.length > MAX_VERSIONS) return refuse('TOO_MANY_VERSIONS', { limit: MAX_VERSIONS });
  const coveredFrom = statement.coveredFrom ?? existing.coveredFrom;
  return write(state, envelope, signer, statement, { ...existing, coveredFrom, versions });
}

function write(
  state: StateView,
  { hasher }: RegistryEnvelope,
  signer: Party,
  statement: ProductStatement,
  record: ProductRecord,
): RegistryDecision {
  const levels = levelsOf(statement);
  const refusal = checkLevels(state, signer, statement.gtin, levels) ?? checkCmos(state, statement);
  if (refusal) return refusal;
  const written = overlay(state);
  const next = { ...record, levels };
  writeProduct(written, statement.gtin, next, (rest) => productEntry(hasher, rest));
  return acceptWithin(written, [{ keys: [productKey(statement.gtin)], set: receiptOf(next) }]);
}

/** Writes a product and the GTIN entries of its levels. Genesis uses it too, with its own `entryOf`. */
export function writeProduct(
  written: Overlay,
  gtin: string,
  record: ProductRecord,
  entryOf: (record: ProductRecord) => ReturnType<typeof productEntry>,
): void {
  for (const level of record.levels) {
    const key = gtinKey(level.gtin);
    const before = written.get(key);
    written.set(key, gtinEntry({ ...(before && gtinOf(before)), base: gtin }));
  }
  written.set(productKey(gtin), entryOf(record));
}

/** Returns all packaging levels of a statement, the base level first. */
export function levelsOf({ gtin, levels }: ProductStatement): readonly Level[] {
  return [{ gtin, name: 'pack', packs: 1 }, ...levels];
}

// C1: a grant wins over the prefix. A level of another product cannot be taken over.
function checkLevels(
  state: StateView,
  signer: Party,
  base: string,
  levels: readonly Level[],
): RegistryDecision | undefined {
  for (const { gtin } of levels) {
    const owner = registry(state).gtinOwner(gtin);
    if (owner !== signer.gln) return refuse('GTIN_NOT_OWNED', { gtin, owner, signer: signer.gln });
    const entry = state.get(gtinKey(gtin));
    const product = entry && gtinOf(entry).base;
    if (product !== undefined && product !== base) return refuse('GTIN_TAKEN', { gtin, product });
  }
  return undefined;
}

function checkCmos(state: StateView, { master }: ProductStatement): RegistryDecision | undefined {
  const unknown = master.cmos.find((cmo) => !registry(state).party(cmo.gln));
  return unknown && refuse('PARTY_UNKNOWN', { gln: unknown.gln });
}

// C20: by the owner or a regulator, once per market, and never undone.
function withdraw(
  state: StateView,
  { hasher, timestamp }: RegistryEnvelope,
  signer: Party,
  gtin: string,
  market: string,
): RegistryDecision {
  const existing = productRecord(state, gtin);
  if (!existing) return refuse('PRODUCT_UNKNOWN', { gtin });
  if (existing.owner !== signer.gln && !signer.roles.includes('regulator')) {
    return refuse('ROLE_MAY_NOT', { party: signer.gln, roles: signer.roles });
  }
  const at = existing.withdrawn[market];
  if (at !== undefined) return refuse('ALREADY_WITHDRAWN', { gtin, market, at });
  const next = { ...existing, withdrawn: { ...existing.withdrawn, [market]: timestamp } };
  const written = overlay(state);
  written.set(productKey(gtin), productEntry(hasher, next));
  return acceptWithin(written, [{ keys: [productKey(gtin)], set: { withdrawn: next.withdrawn } }]);
}

// For a divested product or a national number: the holder names another party, and the product's owner changes with it.
function grant(
  state: StateView,
  { hasher }: RegistryEnvelope,
  signer: Party,
  gtin: string,
  to: string,
): RegistryDecision {
  const owner = registry(state).gtinOwner(gtin);
  if (owner !== signer.gln) return refuse('GTIN_NOT_OWNED', { gtin, owner, signer: signer.gln });
  if (to === signer.gln) return refuse('ALREADY_GRANTED', { gtin, to });
  if (!registry(state).party(to)) return refuse('PARTY_UNKNOWN', { gln: to });
  const written = overlay(state);
  const before = state.get(gtinKey(gtin));
  written.set(gtinKey(gtin), gtinEntry({ ...(before && gtinOf(before)), granted: to }));
  const product = productRecord(state, gtin);
  if (product) written.set(productKey(gtin), productEntry(hasher, { ...product, owner: to }));
  const receiptChanges = [{ keys: [gtinKey(gtin)], set: { granted: to } }];
  return acceptWithin(
    written,
    product ? [...receiptChanges, { keys: [productKey(gtin)], set: { owner: to } }] : receiptChanges,
  );
}

function productRecord(state: StateView, gtin: string): ProductRecord | undefined {
  const entry = state.get(productKey(gtin));
  return entry && productRecordOf(entry);
}

function newest({ versions }: ProductRecord): MasterData {
  return versions[versions.length - 1]!;
}

function notSuperseded(versions: readonly MasterData[], at: number): readonly MasterData[] {
  const inForce = versions.findLastIndex((version) => version.effectiveFrom <= at);
  return versions.slice(Math.max(inForce, 0));
}

// The whole product, because a read model sees receipts only and never the state.
function receiptOf(record: ProductRecord): JsonObject {
  const { owner, coveredFrom, withdrawn, levels, versions } = record;
  return { owner, coveredFrom, withdrawn, levels, versions };
}
