import {
  hexOf,
  listOf,
  malformed,
  orReject,
  parsed,
  toHex,
  type Json,
  type JsonObject,
  type Parsed,
} from '@custos/core-bytes';
import type { Digest, Hasher, SignatureCheck } from '@custos/core-crypto';
import {
  certificateChecks,
  decodeCertificate,
  HEADER_LENGTH,
  makeValidatorSet,
  VOTE,
  type ValidatorSet,
} from '@custos/core-finality';
import { networkIdOf, type Genesis } from '../blocks/genesis.js';
import { decodeHeader, type BlockHeader } from '../blocks/header.js';
import { MAX_CERTIFICATE_BYTES, MAX_FRESH_AGE_MS, MAX_LINK_HEADERS } from '../limits.js';

/** The trust anchor of a reader: one network and the validators of one epoch (L7.2 b). */
export interface Trust {
  readonly networkId: Digest;
  /** The epoch that {@link validators} vote in. */
  readonly epoch: number;
  readonly validators: ValidatorSet;
}

/**
 * Returns the trust anchor of a pinned genesis. Its validators vote in epoch 0, the only epoch while epochLength is 0.
 * A header of another epoch is refused EPOCH_UNKNOWN.
 */
export function trustGenesis(hasher: Hasher, genesis: Genesis): Trust {
  const validators = makeValidatorSet(hasher, genesis.validators);
  return { networkId: networkIdOf(hasher, genesis), epoch: 0, validators };
}

/** A header with the certificate that makes it final (L7.2 a). */
export interface ProvenHeader {
  readonly header: Uint8Array;
  /**
   * The headers after `header` up to the certified one, oldest first: later blocks of a run, or closing blocks (K14).
   * Empty when the certificate is of `header` itself.
   */
  readonly above: readonly Uint8Array[];
  /** The encoded Finalize certificate (L4.2). */
  readonly certificate: Uint8Array;
}

/** The names of the JSON members that carry a proven header. */
export const PROVEN_HEADER_MEMBERS = ['header', 'above', 'certificate'] as const;

/** Returns the JSON members of a proven header: bytes as lower-case hex, `above` left out when empty. */
export function provenHeaderJson({ header, above, certificate }: ProvenHeader): JsonObject {
  const link = above.length === 0 ? {} : { above: above.map(toHex) };
  return { header: toHex(header), ...link, certificate: toHex(certificate) };
}

/**
 * Reads the JSON members of a proven header; `field` is the JSON pointer of their object. Refuses with `reject`, so the
 * caller runs it inside `attempt`.
 */
export function readProvenHeader(json: JsonObject, field: string): ProvenHeader {
  const above: Json = json.above === undefined ? [] : json.above;
  return {
    header: hexOf(json.header, `${field}/header`, HEADER_LENGTH),
    above: listOf(above, `${field}/above`, MAX_LINK_HEADERS).map((item, i) =>
      hexOf(item, `${field}/above/${i}`, HEADER_LENGTH),
    ),
    certificate: hexOf(json.certificate, `${field}/certificate`, MAX_CERTIFICATE_BYTES),
  };
}

/** A decoded header with the signatures that make it final. */
export interface CheckedHeader {
  readonly header: BlockHeader;
  /** The signatures to verify. The header is final only when all are valid. */
  readonly checks: readonly SignatureCheck[];
}

/**
 * Verifies hashes, links and quorum of a proven header (L7.2 a). Refuses NETWORK_WRONG, EPOCH_UNKNOWN,
 * PREVIOUS_HASH_WRONG, NOT_FINALIZE, CERTIFICATE_UNRELATED, and the codes of header and certificate. Refuses with
 * `reject`, so the caller runs it inside `attempt`.
 */
export function checkProvenHeader(hasher: Hasher, trust: Trust, proven: ProvenHeader): CheckedHeader {
  const header = orReject(decodeOurs(hasher, trust, proven.header, '/header'));
  let top = header;
  for (const [i, bytes] of proven.above.entries()) {
    const field = `/above/${i}`;
    const next = orReject(decodeOurs(hasher, trust, bytes, field));
    if (next.previousHash !== top.ownHash)
      orReject(malformed('PREVIOUS_HASH_WRONG', field, 'show each header on the one before'));
    top = next;
  }
  const certificate = orReject(decodeCertificate(proven.certificate, trust.validators.size));
  const { kind, epoch, view, hash } = certificate;
  // K7: a Finalize certificate makes its block and all its ancestors final.
  if (kind !== VOTE.finalize) orReject(malformed('NOT_FINALIZE', '/certificate', 'show a Finalize certificate'));
  if (hash !== top.ownHash || epoch !== top.epoch || view !== top.view)
    orReject(malformed('CERTIFICATE_UNRELATED', '/certificate', 'certify the last header shown'));
  return { header, checks: orReject(certificateChecks(trust.networkId, trust.validators, certificate)) };
}

function decodeOurs(hasher: Hasher, trust: Trust, bytes: Uint8Array, field: string): Parsed<BlockHeader> {
  const result = decodeHeader(hasher, bytes);
  if (!result.ok) return malformed(result.malformed.code, `${field}/${result.malformed.field}`, result.malformed.fix);
  const { networkId, epoch } = result.value;
  if (networkId !== trust.networkId) return malformed('NETWORK_WRONG', field, `show headers of ${trust.networkId}`);
  if (epoch !== trust.epoch)
    return malformed('EPOCH_UNKNOWN', field, `the trusted validators are of epoch ${trust.epoch}`);
  return parsed(result.value);
}

/**
 * L7.2 d: reports whether the header is at most MAX_FRESH_AGE_MS older than `now`, the reader's clock in milliseconds.
 * An older answer holds only as of the header's time.
 */
export function isFresh(header: BlockHeader, now: number): boolean {
  return now - header.timestamp <= MAX_FRESH_AGE_MS;
}
