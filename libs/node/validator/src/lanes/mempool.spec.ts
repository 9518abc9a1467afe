import fc from 'fast-check';
import type { Transaction } from '@custos/core-chain';
import type { Digest } from '@custos/core-crypto';
import { Mempool, type Waiting } from './mempool.js';

const ORGANISATIONS = ['4012345000009', '4023456000002', '4034567000008'];

function waiting(serial: number, organisation: string, options: { size?: number; expiresAt?: number } = {}): Waiting {
  const { size = 10, expiresAt = 1_000_000 } = options;
  const transaction = {
    id: String(serial).padStart(64, '0') as Digest,
    bytesHash: String(serial).padStart(64, '1') as Digest,
    bytes: new Uint8Array(size),
    head: { expiresAt },
  } as unknown as Transaction;
  return { transaction, organisation, lane: `net.tx.${organisation}`, resume: String(serial), arrivedAt: serial };
}

const arrivals = fc.array(fc.constantFrom(...ORGANISATIONS), { maxLength: 60 });

describe('K17: the mempool', () => {
  it('gives each organisation its turn, and keeps the order of arrival within one', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(5), (organisations, rotations) => {
        const pool = new Mempool();
        organisations.forEach((organisation, i) => pool.add(waiting(i, organisation)));
        for (let i = 0; i < rotations; i++) pool.inTurn().next();
        const taken = [...pool.inTurn()];
        expect(taken).toHaveLength(organisations.length);
        for (const organisation of ORGANISATIONS) {
          const own = taken.filter((entry) => entry.organisation === organisation).map((entry) => entry.arrivedAt);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
        // However short the block: no one is two ahead of one who still waits.
        for (let length = 1; length <= taken.length; length++) {
          const counts = ORGANISATIONS.map((name) => ({
            taken: taken.slice(0, length).filter((entry) => entry.organisation === name).length,
            left: taken.slice(length).some((entry) => entry.organisation === name),
          }));
          const most = Math.max(...counts.map((count) => count.taken));
          for (const count of counts) if (count.left) expect(most - count.taken).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('begins each block with the next organisation', () => {
    const pool = new Mempool();
    ORGANISATIONS.forEach((organisation, i) => pool.add(waiting(i, organisation)));
    const firsts = ORGANISATIONS.map(() => pool.inTurn().next().value!.organisation);
    expect(new Set(firsts).size).toBe(3);
  });

  it('resumes a lane at its oldest transaction that still waits', () => {
    fc.assert(
      fc.property(arrivals, fc.array(fc.nat(59)), (organisations, removed) => {
        const pool = new Mempool();
        const entries = organisations.map((organisation, i) => waiting(i, organisation));
        for (const entry of entries) pool.add(entry);
        for (const i of removed) if (entries[i]) pool.remove(entries[i].transaction.id);
        for (const organisation of ORGANISATIONS) {
          const left = entries.find((entry) => entry.organisation === organisation && pool.has(entry.transaction.id));
          expect(pool.resume(`net.tx.${organisation}`)).toBe(left?.resume);
        }
      }),
    );
  });

  it('a full room refuses its own organisation only', () => {
    const pool = new Mempool(100);
    expect(pool.add(waiting(1, 'a', { size: 60 }))).toBe('added');
    expect(pool.add(waiting(1, 'a', { size: 60 }))).toBe('known');
    expect(pool.add(waiting(2, 'a', { size: 60 }))).toBe('full');
    expect(pool.add(waiting(3, 'b', { size: 60 }))).toBe('added');
    pool.remove(waiting(1, 'a').transaction.id);
    expect(pool.add(waiting(2, 'a', { size: 60 }))).toBe('added');
    expect(pool.bytes).toBe(120);
    expect(pool.decoded(waiting(1, 'a').transaction.bytesHash)).toBeUndefined();
    expect(pool.decoded(waiting(2, 'a').transaction.bytesHash)).toBeDefined();
  });

  it('L2.5: drops what is too old for any later block', () => {
    const pool = new Mempool();
    pool.add(waiting(1, 'a', { expiresAt: 5_000 }));
    pool.add(waiting(2, 'a', { expiresAt: 5_001 }));
    pool.expire(5_001);
    expect([...pool.inTurn()].map((entry) => entry.arrivedAt)).toEqual([2]);
  });
});
