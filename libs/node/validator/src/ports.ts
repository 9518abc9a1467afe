import type { Hasher, Signer, VerifySignatures } from '@custos/core-crypto';
import type { Digest } from '@custos/core-crypto';
import type { ChainStore, Journal } from '@custos/shell-chain-store';
import type { Lanes } from '@custos/shell-lanes';
import type { Clock, Log } from '@custos/shell-process';

/**
 * Asks one other validator. Answers are bytes that prove themselves or are thrown away; all methods reject
 * when the peer is away, refuses or is too slow.
 */
export interface Peers {
  /** Final-lane messages (L4.6) from this height on, as many whole runs as fit one answer; none if not so far. */
  runs(validator: string, fromHeight: number): Promise<readonly Uint8Array[]>;
  /** A block that is final, or a proposal that is not, as `Proposal` bytes or `Block` bytes. */
  block(validator: string, hash: Digest): Promise<Uint8Array | undefined>;
  /** Certificates for views from this one on, ascending. */
  certificates(validator: string, epoch: number, fromView: number): Promise<readonly Uint8Array[]>;
}

/** The world of one validator. Nothing in this room reaches around it. */
export interface ValidatorPorts {
  readonly journal: Journal;
  readonly store: ChainStore;
  readonly lanes: Lanes;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly verify: VerifySignatures;
  readonly signer: Signer;
  readonly hasher: Hasher;
  readonly log: Log;
}
