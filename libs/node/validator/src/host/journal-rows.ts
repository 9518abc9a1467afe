import { orReject } from '@custos/core-bytes';
import { decodeBlock, decodeProposal, type Block } from '@custos/core-chain';
import type { BlockRef, JournalEntry, Recovered } from '@custos/core-consensus';
import type { Digest, Hasher } from '@custos/core-crypto';
import {
  decodeCertificate,
  decodeVote,
  encodeCertificate,
  encodeVote,
  VOTE,
  type Certificate,
  type Vote,
} from '@custos/core-finality';
import type { JournalContent, JournalRecord } from '@custos/shell-chain-store';
import { refOf, type HeldBlocks } from '../state/held-blocks.js';

/** K8: an entry as the journal keeps it, taken while the host still holds what consensus asks to persist. */
export function journalRecord(entry: JournalEntry, bodies: HeldBlocks, n: number): JournalRecord {
  switch (entry.kind) {
    case 'own-proposal':
      return { ...placeOf(entry.block), kind: 'own-proposal', bytes: held(bodies.ownProposal(entry.block.hash)) };
    case 'proposal':
      return { ...placeOf(entry.block), kind: 'proposal', bytes: held(bodies.get(entry.block.hash)?.bytes) };
    case 'certificate':
      return { ...placeOf(entry.certificate), kind: 'certificate', bytes: encodeCertificate(entry.certificate, n) };
    case 'vote': {
      const kind = entry.vote.kind === VOTE.notarize ? 'notarize-vote' : 'closing-vote';
      return { ...placeOf(entry.vote), kind, bytes: encodeVote(entry.vote) };
    }
  }
}

function placeOf({ epoch, view }: BlockRef | Certificate | Vote): { readonly epoch: number; readonly view: number } {
  return { epoch, view };
}

function held(bytes: Uint8Array | undefined): Uint8Array {
  if (!bytes) throw new Error('consensus persists a block that the host does not hold');
  return bytes;
}

/** The network that the records of a journal are of. */
export interface JournalContext {
  readonly hasher: Hasher;
  readonly networkId: Digest;
  readonly n: number;
}

/** Recovers the machine's memory from a journal, and puts the bytes that go with it into `bodies`. */
export type JournalMemory = Pick<Recovered, 'ownProposals' | 'proposals' | 'certificates' | 'votes'>;

/** @throws MalformedError when the journal holds what this validator never wrote: it may not speak then. */
export function recoverJournal(content: JournalContent, bodies: HeldBlocks, context: JournalContext): JournalMemory {
  const { hasher, networkId, n } = context;
  const ownProposals: BlockRef[] = [];
  const proposals: BlockRef[] = [];
  const certificates: Certificate[] = [];
  const votes: Vote[] = [];
  const takeBlock = (block: Block, list: BlockRef[]): void => void list.push(refOf(block));
  for (const { kind, bytes } of content.records) {
    switch (kind) {
      case 'own-proposal': {
        const { block } = orReject(decodeProposal(hasher, networkId, n, bytes));
        bodies.addOwn(block, bytes);
        takeBlock(block, ownProposals);
        break;
      }
      case 'proposal': {
        const block = orReject(decodeBlock(hasher, networkId, bytes));
        bodies.add(block);
        takeBlock(block, proposals);
        break;
      }
      case 'certificate':
        certificates.push(orReject(decodeCertificate(bytes, n)));
        break;
      case 'notarize-vote':
      case 'closing-vote':
        votes.push(orReject(decodeVote(bytes)));
    }
  }
  return { ownProposals, proposals, certificates, votes };
}
