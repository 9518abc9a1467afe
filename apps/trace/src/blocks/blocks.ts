import { visible, type Asker } from '@custos/core-access';
import { REGISTRY_SPACES } from '@custos/core-registry';
import type { Caller } from '@custos/formats-api';
import { answered, noAnswer, shownAsOf, shownTime, type Snapshot } from '@custos/node-epcis-repository';
import type { SnapshotReader } from '@custos/node-member-service';
import type { Statement } from '@custos/shell-postgres';

const BLOCK_READS = ['registry', 'blocks'];

interface BlockRow {
  readonly height: string;
  readonly hash: string;
  readonly time: string;
  readonly view: string;
  readonly proposer: number;
  readonly transactions: number;
  readonly state_root: string;
  readonly signers: readonly number[];
}

const NEWEST: Statement = {
  name: 'newest_blocks',
  text: 'SELECT * FROM readmodel.block ORDER BY height DESC LIMIT $1',
};
const FROM: Statement = {
  name: 'blocks_from',
  text: 'SELECT * FROM readmodel.block WHERE height >= $2 ORDER BY height LIMIT $1',
};

// Validators in the order of their index (L3.3), each with the name of its party.
const VALIDATORS: Statement = {
  name: 'validator_names',
  text: `
  SELECT COALESCE(p.value ->> 'name', v.entry ->> 'gln') AS name
  FROM readmodel.registry r
  CROSS JOIN LATERAL jsonb_array_elements(r.value -> 'current') WITH ORDINALITY AS v (entry, place)
  LEFT JOIN readmodel.registry p ON p.key = '${REGISTRY_SPACES.party}' || (v.entry ->> 'gln')
  WHERE r.key = 'validators' ORDER BY v.place`,
};

interface BlocksQuery {
  readonly from?: number;
  readonly limit: number;
}

/** Answers with the newest final blocks, newest first; with `from`, with those from that height on. */
export function answerBlocks(reader: SnapshotReader, caller: Caller | undefined, query: BlocksQuery) {
  return reader.answer(caller, BLOCK_READS, async ({ asker, snapshot }) => {
    const blocks = await findBlocks(asker, snapshot, query);
    return blocks === 'hidden' ? noAnswer({ kind: 'hidden' }) : answered({ asOf: shownAsOf(snapshot), blocks });
  });
}

async function findBlocks(asker: Asker, snapshot: Snapshot, { from, limit }: BlocksQuery) {
  if (!visible(asker, { about: 'chain' })) return 'hidden';
  const names = (await snapshot.query<{ readonly name: string }>(VALIDATORS)).rows.map(({ name }) => name);
  const nameOf = (index: number): string => names[index] ?? `validator ${index}`;
  const { rows } = await (from === undefined
    ? snapshot.query<BlockRow>(NEWEST, [limit])
    : snapshot.query<BlockRow>(FROM, [limit, from]));
  return rows.map(({ height, hash, time, view, proposer, transactions, state_root, signers }) => ({
    height: Number(height),
    hash,
    time: shownTime(Number(time)),
    view: Number(view),
    proposer,
    proposerName: nameOf(proposer),
    transactions,
    stateRoot: state_root,
    signers: signers.map(nameOf),
  }));
}
