import { fromHex, malformed, parsed, toHex, utf8, type Parsed } from '@custos/core-bytes';
import {
  digestBytes,
  parseDigest,
  SIGNATURE_LENGTH,
  taggedMessage,
  type Digest,
  type KeyId,
  type PublicKey,
  type SignatureCheck,
  type Signer,
} from '@custos/core-crypto';

/**
 * The largest difference in milliseconds between the clocks of sender and receiver. Requests only read, so a replay
 * within it does no harm.
 */
export const REQUEST_LIFE_MS = 60_000;

const KEY_HEADER = 'custos-key';
const TIME_HEADER = 'custos-time';
const SIGNATURE_HEADER = 'custos-signature';

/**
 * A request between members. Every such request only reads, so a replay within {@link REQUEST_LIFE_MS} does no harm.
 */
export interface PeerRequest {
  readonly method: string;
  /** Path and query as sent, from the first slash on. */
  readonly path: string;
  /** Milliseconds since 1970 by the sender's clock. */
  readonly at: number;
}

/** A request with the id of the signing key and the signature, which is not verified yet. */
export interface SignedPeerRequest extends PeerRequest {
  readonly keyId: KeyId;
  readonly signature: Uint8Array;
}

/** Returns the bytes that the sender signs. They contain the network id: a request is not valid in another network. */
function peerMessage(networkId: Digest, { method, path, at }: PeerRequest): Uint8Array {
  return taggedMessage('custos/peer/1', digestBytes(networkId), utf8(`${method}\n${path}\n${at}`));
}

/** Signs a request and returns the headers to send with it: key id, time and signature. */
export async function peerHeaders(
  signer: Signer,
  networkId: Digest,
  request: PeerRequest,
): Promise<Record<string, string>> {
  const signature = await signer.sign(peerMessage(networkId, request));
  return { [KEY_HEADER]: signer.keyId, [TIME_HEADER]: String(request.at), [SIGNATURE_HEADER]: toHex(signature) };
}

/**
 * Parses the headers of a request; `now` is in milliseconds since 1970. Refuses DIGEST_INVALID for the key id,
 * TIME_INVALID when the time differs from `now` by more than {@link REQUEST_LIFE_MS}, and SIGNATURE_INVALID for a
 * signature that is not 64 bytes of hex. Never throws.
 */
export function parsePeerRequest(
  request: Omit<PeerRequest, 'at'>,
  headers: Readonly<Record<string, unknown>>,
  now: number,
): Parsed<SignedPeerRequest> {
  const keyId = parseDigest(textOf(headers[KEY_HEADER]), KEY_HEADER);
  if (!keyId.ok) return keyId;
  const at = Number(textOf(headers[TIME_HEADER]));
  if (!Number.isSafeInteger(at) || Math.abs(now - at) > REQUEST_LIFE_MS)
    return malformed('TIME_INVALID', TIME_HEADER, 'send the time in milliseconds since 1970, and set your clock');
  const signature = fromHex(textOf(headers[SIGNATURE_HEADER]));
  if (signature?.length !== SIGNATURE_LENGTH)
    return malformed('SIGNATURE_INVALID', SIGNATURE_HEADER, `send ${2 * SIGNATURE_LENGTH} lower-case hex digits`);
  return parsed({ ...request, at, keyId: keyId.value, signature });
}

/** Returns the signature check of a parsed request; `publicKey` is the key with the id that the request names. */
export function peerCheck(networkId: Digest, publicKey: PublicKey, request: SignedPeerRequest): SignatureCheck {
  return { publicKey, message: peerMessage(networkId, request), signature: request.signature };
}

function textOf(header: unknown): string {
  return typeof header === 'string' ? header : '';
}
