import {
  decodeProposal,
  decodeVotesMessage,
  encodeBlock,
  encodeProposal,
  encodeVotesMessage,
  proposalMessage,
  type BlockHeader,
  type Genesis,
} from '@custos/core-chain';
import { digestBytes, ZERO_DIGEST, type Digest } from '@custos/core-crypto';
import { leaderOf, leaderOrder, VOTE, voteMessage, type VoteKind } from '@custos/core-finality';
import { appendToEdge, edgeRoot, EMPTY_EDGE, merkleRoot, type Edge } from '@custos/core-merkle';
import { networkOf, type Network, type Validator } from '@custos/node-validator';
import { laneName } from '@custos/shell-lanes';
import { nodeHasher } from '@custos/shell-node-crypto';
import { NETWORK, type Member } from '../members.js';
import type { Lie } from '../schedule.js';
import type { Random } from '../twins/random.js';
import type { SimulatedBroker } from '../twins/sim-lanes.js';
import type { VirtualTime } from '../twins/virtual-time.js';

interface KnownBlock {
  readonly header: BlockHeader;
  /** After this block: what the next one states as its history. */
  readonly edge: Edge;
}

/** The parts of a simulation that a Byzantine validator uses. */
export interface LiarStage {
  readonly genesis: Genesis;
  readonly broker: SimulatedBroker;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly running: readonly Validator[];
}

/** Puts a Byzantine validator in the place of a member. It keeps to its own key and lanes; no law else. */
export function startLiar(stage: LiarStage, member: Member, lie: Lie): void {
  const liar = new Liar(stage, member);
  switch (lie) {
    case 'silent':
      return;
    case 'votes for everything':
      return liar.follow({ stale: false });
    case 'votes far ahead':
      return liar.voteAhead();
    case 'proposes on a stale parent':
      return liar.follow({ stale: true });
  }
}

class Liar {
  private readonly network: Network;
  private readonly known = new Map<Digest, KnownBlock>();
  private order: readonly number[] | undefined;

  constructor(
    private readonly stage: LiarStage,
    private readonly member: Member,
  ) {
    this.network = networkOf(nodeHasher, stage.genesis, member.validator.keyId);
  }

  follow({ stale }: { readonly stale: boolean }): void {
    const { broker } = this.stage;
    for (const { gln } of this.network.set.entries) {
      if (gln === this.member.gln) continue;
      const [votes, proposals] = [laneName(NETWORK, 'votes', gln), laneName(NETWORK, 'proposals', gln)];
      broker.follow(votes, (index) => this.seeVote(broker.log(votes)[index]!));
      broker.follow(proposals, (index) => this.seeProposal(broker.log(proposals)[index]!, stale));
    }
  }

  /** Of what it hears it takes only the view, and floods the ones that come much later (K16). */
  voteAhead(): void {
    const { broker } = this.stage;
    for (const { gln } of this.network.set.entries) {
      const votes = laneName(NETWORK, 'votes', gln);
      if (gln === this.member.gln) continue;
      broker.follow(votes, (index) => {
        const message = decodeVotesMessage(broker.log(votes)[index]!, this.network.set.size);
        if (!message.ok || message.value.type !== 'vote') return;
        for (const ahead of [63, 200, 5_000]) this.vote(message.value.vote.view + ahead, VOTE.skip, ZERO_DIGEST);
      });
    }
  }

  private seeVote(value: Uint8Array): void {
    const message = decodeVotesMessage(value, this.network.set.size);
    if (!message.ok || message.value.type !== 'vote') return;
    const { view, hash, kind } = message.value.vote;
    if (kind !== VOTE.skip) this.voteFor(view, hash);
    else this.vote(view, VOTE.skip, ZERO_DIGEST);
  }

  private seeProposal(value: Uint8Array, stale: boolean): void {
    const { networkId, set } = this.network;
    const proposal = decodeProposal(nodeHasher, networkId, set.size, value);
    if (!proposal.ok) return;
    const { header } = proposal.value.block;
    this.voteFor(header.view, header.ownHash);
    const parent = this.blockOf(header.previousHash);
    if (!parent) return;
    const edge = appendToEdge(nodeHasher, parent.edge, digestBytes(header.ownHash));
    this.known.set(header.ownHash, { header, edge });
    if (!stale || leaderOf(this.leaders(), header.view + 1) !== this.network.self) return;
    // As if the block that is being agreed on did not exist, and to each what it hears first.
    for (const later of [1, 2]) this.propose(parent, header.view + 1, later);
  }

  private voteFor(view: number, hash: Digest): void {
    this.vote(view, VOTE.notarize, hash);
    this.vote(view, VOTE.finalize, hash);
    this.vote(view, VOTE.skip, ZERO_DIGEST);
  }

  private vote(view: number, kind: VoteKind, hash: Digest): void {
    const { validator } = this.member;
    const ballot = { epoch: 0, view, kind, hash };
    void validator.sign(voteMessage(this.network.networkId, ballot)).then((signature) => {
      const vote = { ...ballot, signer: this.network.self!, signature };
      this.say('votes', encodeVotesMessage({ type: 'vote', vote }, this.network.set.size));
    });
  }

  private propose({ header: parent, edge }: KnownBlock, view: number, later: number): void {
    const empty = merkleRoot(nodeHasher, []);
    const header = {
      ...parent,
      view,
      height: parent.height + 1,
      parentView: parent.view,
      previousHash: parent.ownHash,
      transactionRoot: empty,
      receiptRoot: empty,
      historyRoot: edgeRoot(nodeHasher, edge),
      timestamp: parent.timestamp + later,
      proposer: this.network.self!,
    };
    const block = encodeBlock(nodeHasher, header, []);
    void this.member.validator.sign(proposalMessage(block.header.ownHash)).then((signature) => {
      this.say('proposals', encodeProposal({ block, signature, certificates: [] }, this.network.set.size));
    });
  }

  private say(kind: 'votes' | 'proposals', value: Uint8Array): void {
    const { time, random, broker } = this.stage;
    time.after(random.between([0, 5]), () => broker.publish(laneName(NETWORK, kind, this.member.gln), value));
  }

  private blockOf(hash: Digest): KnownBlock | undefined {
    const genesis = this.genesis();
    if (genesis && hash === genesis.ownHash)
      return { header: genesis, edge: appendToEdge(nodeHasher, EMPTY_EDGE, digestBytes(hash)) };
    return this.known.get(hash);
  }

  private leaders(): readonly number[] {
    return (this.order ??= leaderOrder(nodeHasher, this.genesis()!.ownHash, this.network.set));
  }

  private genesis(): BlockHeader | undefined {
    return this.stage.running[0]?.running().genesis.header;
  }
}
