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

/** How far the asker's clock may be from ours; a repeated request within it reads the same thing again. */
export const REQUEST_LIFE_MS = 60_000;

const KEY_HEADER = 'custos-key';
const TIME_HEADER = 'custos-time';
const SIGNATURE_HEADER = 'custos-signature';

/** A request between members. All of them read; so a replay within the minute does no harm. */
export interface PeerRequest {
  readonly method: string;
  /** Path and query as sent, from the slash on. */
  readonly path: string;
  /** Milliseconds since 1970 by the asker's clock. */
  readonly at: number;
}

export interface SignedPeerRequest extends PeerRequest {
  readonly keyId: KeyId;
  readonly signature: Uint8Array;
}

/** What the asker signs; the network id keeps requests of one network out of another. */
export function peerMessage(networkId: Digest, { method, path, at }: PeerRequest): Uint8Array {
  return taggedMessage('custos/peer/1', digestBytes(networkId), utf8(`${method}\n${path}\n${at}`));
}

/** Headers to send along: the key's id, the time, the signature. */
export async function peerHeaders(
  signer: Signer,
  networkId: Digest,
  request: PeerRequest,
): Promise<Record<string, string>> {
  const signature = await signer.sign(peerMessage(networkId, request));
  return { [KEY_HEADER]: signer.keyId, [TIME_HEADER]: String(request.at), [SIGNATURE_HEADER]: toHex(signature) };
}

/** Total. A request of another time than `now`, give or take a minute, is refused here. */
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

export function peerCheck(networkId: Digest, publicKey: PublicKey, request: SignedPeerRequest): SignatureCheck {
  return { publicKey, message: peerMessage(networkId, request), signature: request.signature };
}

function textOf(header: unknown): string {
  return typeof header === 'string' ? header : '';
}
