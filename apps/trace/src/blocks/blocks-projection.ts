import type { Projection } from '@custos/node-follower';
import type { Statement } from '@custos/shell-postgres';

const SAVE: Statement = {
  name: 'save_block',
  text: `INSERT INTO readmodel.block (height, hash, time, view, proposer, transactions, state_root, signers)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
};

/** Every final block from height 1 on. Validators are kept by their index: the registry's rows name them. */
export const blocksProjection: Projection = {
  name: 'blocks',
  version: 1,
  async clear(sql) {
    await sql.query('TRUNCATE readmodel.block');
  },
  async genesis() {
    // Block 0 is no one's proposal, and no certificate covers it.
  },
  async project(sql, { block, record }) {
    const { height, ownHash, timestamp, view, proposer, stateRoot } = block.header;
    const { length } = block.transactions;
    await sql.query(SAVE, [height, ownHash, timestamp, view, proposer, length, stateRoot, record.finalize.signers]);
  },
};
