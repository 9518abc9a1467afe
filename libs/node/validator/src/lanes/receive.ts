import { attempt, orReject, Reader, type Parsed } from '@custos/core-bytes';
import {
  decodeHeader,
  decodeProposal,
  decodeVotesMessage,
  proposalCheck,
  type Block,
  type BlockHeader,
} from '@custos/core-chain';
import {
  certificatesFrom,
  wantsCertificate,
  wantsProposal,
  wantsVote,
  type Input,
  type State,
} from '@custos/core-consensus';
import { markVerified, type Hasher, type SignatureCheck, type VerifySignatures } from '@custos/core-crypto';
import { certificateChecks, HEADER_LENGTH, voteCheck, type Certificate, type Vote } from '@custos/core-finality';
import { laneOwner, type LaneMessage } from '@custos/shell-lanes';
import type { Clock, Log } from '@custos/shell-process';
import { refOf } from '../state/held-blocks.js';
import type { Mempool } from './mempool.js';
import type { Network } from '../network.js';
import { TokenBucket } from './token-bucket.js';

/** K16: signatures that one lane may cost. An honest validator stays far below, a repeating one too. */
const SIGNATURES_A_LANE = { perSecond: 2_000, burst: 8_000 };

/** The parts of a {@link Receiver}. */
export interface ReceiveParts {
  readonly network: Network;
  readonly hasher: Hasher;
  readonly verify: VerifySignatures;
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: Mempool;
  /** Consensus as it stands: what it does not want is not worth a verification. */
  readonly state: () => State;
  /** `block`: the body of the proposal that the input names. */
  readonly input: (input: Input, block?: Block) => void;
}

interface VerifiedInput {
  readonly input: Input;
  readonly block?: Block;
}

/**
 * Bytes of others on their way to the machine: decoded, asked for, verified, delivered. What is not valid by itself
 * is dropped and counted; nothing that a lane holds can make these functions throw.
 */
export class Receiver {
  private readonly buckets = new Map<string, TokenBucket>();
  /** Messages that were dropped, for the operator. */
  dropped = 0;

  constructor(private readonly parts: ReceiveParts) {}

  /** Takes a batch of one votes lane, in its order. */
  async votes(batch: readonly LaneMessage[]): Promise<void> {
    // Verified side by side, delivered one after another: the order within a lane is kept.
    const answers = batch.map((message) => this.guard(message, () => this.votesInput(message)));
    for (const answer of answers) this.deliver(await answer);
  }

  async proposals(batch: readonly LaneMessage[]): Promise<void> {
    for (const message of batch) this.deliver(await this.guard(message, () => this.proposalInput(message)));
  }

  /** Certificates that a peer handed out on request. */
  async certificates(list: readonly Certificate[]): Promise<void> {
    for (const certificate of list) {
      if (wantsCertificate(this.parts.state(), certificate)) this.deliver(await this.certificateInput(certificate));
    }
  }

  /** A certificate that the machine already holds needs no second look at its signatures. */
  async isValid(certificate: Certificate): Promise<boolean> {
    const { network, verify } = this.parts;
    const checks = certificateChecks(network.networkId, network.set, certificate);
    return checks.ok && (await verify(checks.value));
  }

  private deliver(told: VerifiedInput | undefined): void {
    if (told) this.parts.input(told.input, told.block);
  }

  private async guard(
    message: LaneMessage,
    work: () => Promise<VerifiedInput | undefined>,
  ): Promise<VerifiedInput | undefined> {
    try {
      const told = await work();
      if (!told) this.dropped++;
      return told;
    } catch (error) {
      // A bug of ours, found by another's bytes: an alarm, and the lane goes on.
      this.parts.log.error('a message could not be taken', { lane: message.lane, error: String(error) });
      return undefined;
    }
  }

  private async votesInput(message: LaneMessage): Promise<VerifiedInput | undefined> {
    const decoded = decodeVotesMessage(message.value, this.parts.network.set.size);
    if (!decoded.ok) return undefined;
    switch (decoded.value.type) {
      case 'vote':
        return this.voteInput(message.lane, decoded.value.vote);
      case 'certificate':
        return this.wantedCertificate(message.lane, decoded.value.certificate);
      case 'record':
        // K10: the answer to a laggard. Its Finalize certificate says how far the others are.
        return this.wantedCertificate(message.lane, decoded.value.record.finalize);
    }
  }

  private async voteInput(lane: string, vote: Vote): Promise<VerifiedInput | undefined> {
    const { network, verify, state } = this.parts;
    // A lane carries its writer's votes only, or one member could spend the others' budget of signatures.
    if (network.set.entries[vote.signer]?.gln !== laneOwner(lane)) return undefined;
    if (!wantsVote(state(), vote) || !this.mayCost(lane, 1)) return undefined;
    const check = voteCheck(network.networkId, network.set, vote);
    if (!check.ok || !(await verify([check.value]))) return undefined;
    return { input: { type: 'vote', vote: markVerified(vote) } };
  }

  private async wantedCertificate(lane: string, certificate: Certificate): Promise<VerifiedInput | undefined> {
    if (!wantsCertificate(this.parts.state(), certificate)) return undefined;
    return this.mayCost(lane, certificate.signers.length) ? this.certificateInput(certificate) : undefined;
  }

  private async certificateInput(certificate: Certificate): Promise<VerifiedInput | undefined> {
    if (!(await this.isValid(certificate))) return undefined;
    return { input: { type: 'certificate', certificate: markVerified(certificate) } };
  }

  private async proposalInput(message: LaneMessage): Promise<VerifiedInput | undefined> {
    const { network, hasher, verify, state, pool } = this.parts;
    const header = peekHeader(hasher, message.value);
    if (!header.ok || !wantsProposal(state(), refOf({ header: header.value, transactions: [] }))) return undefined;
    const decoded = decodeProposal(hasher, network.networkId, network.set.size, message.value, (bytesHash) =>
      pool.decoded(bytesHash),
    );
    if (!decoded.ok) return undefined;
    const { block, certificates } = decoded.value;
    const signature = proposalCheck(network.set, decoded.value);
    if (!signature.ok) return undefined;
    const { known, checks } = this.justification(certificates);
    if (!checks.ok || !this.mayCost(message.lane, 1 + checks.value.length)) return undefined;
    if (!(await verify([signature.value, ...checks.value]))) return undefined;
    const proposal = markVerified({ block: refOf(block), certificates: known });
    return { input: { type: 'proposal', proposal }, block };
  }

  // The usual justification is the certificate that this node made itself a moment ago: it stands in for the one
  // that was sent, and nothing is verified twice.
  private justification(certificates: readonly Certificate[]) {
    const { network, state } = this.parts;
    const held = new Map<string, Certificate>();
    const from = certificates[0]?.view ?? 0;
    if (certificates.length > 0)
      for (const certificate of certificatesFrom(state(), from, Infinity))
        held.set(ballotName(certificate), certificate);
    const known: Certificate[] = [];
    const checks: SignatureCheck[] = [];
    const result = attempt(() => {
      for (const certificate of certificates) {
        const own = held.get(ballotName(certificate));
        known.push(own ?? certificate);
        if (!own) checks.push(...orReject(certificateChecks(network.networkId, network.set, certificate)));
      }
      return checks;
    });
    return { known, checks: result };
  }

  private mayCost(lane: string, signatures: number): boolean {
    const now = this.parts.clock.now();
    let bucket = this.buckets.get(lane);
    if (!bucket) this.buckets.set(lane, (bucket = new TokenBucket(SIGNATURES_A_LANE, now)));
    return bucket.take(now, signatures);
  }
}

function ballotName({ epoch, view, kind, hash }: Certificate): string {
  return `${epoch}/${view}/${kind}/${hash}`;
}

// Magic and size come before the header (L3). A flood of unwanted proposals costs one hash each, not a decoding.
function peekHeader(hasher: Hasher, bytes: Uint8Array): Parsed<BlockHeader> {
  return attempt(() => {
    const reader = new Reader(bytes);
    reader.raw(8);
    return orReject(decodeHeader(hasher, reader.raw(HEADER_LENGTH)));
  });
}
