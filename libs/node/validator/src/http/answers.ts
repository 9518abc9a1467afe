import { certificatesFrom } from '@custos/core-consensus';
import type { Digest } from '@custos/core-crypto';
import { encodeCertificate } from '@custos/core-finality';
import type { Assembly } from '../assemble.js';
import type { Network } from '../network.js';

/** Bytes of final runs in one answer: a second or so of a full network. A longer run goes alone. */
const RUNS_BYTES = 4 * 1024 * 1024;

/** K10: certificates in one answer; who needs more asks from a later view on. */
const MAX_CERTIFICATES = 256;

/** Returns final runs for a peer; the same for HTTP and for tests without it. */
export function answerRuns({ chain }: Assembly, fromHeight: number): readonly Uint8Array[] {
  return chain.runsFrom(fromHeight, RUNS_BYTES);
}

/** A block that is final, or held above the last final one. */
export function answerBlock({ chain, bodies }: Assembly, hash: Digest): Uint8Array | undefined {
  return bodies.get(hash)?.bytes ?? chain.blockBytes(hash);
}

/** The newest Finalize certificate, then those of views from this one on. */
export function answerCertificates(
  { host }: Assembly,
  { set }: Network,
  epoch: number,
  fromView: number,
): readonly Uint8Array[] {
  if (epoch !== host.consensus.config.epoch) return [];
  return certificatesFrom(host.consensus, fromView, MAX_CERTIFICATES).map((certificate) =>
    encodeCertificate(certificate, set.size),
  );
}
