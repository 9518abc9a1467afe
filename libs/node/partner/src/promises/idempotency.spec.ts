import { orReject } from '@custos/core-bytes';
import { nodeHasher } from '@custos/shell-node-crypto';
import { idempotencyOf } from './idempotency.js';

const sent = { caller: 'till', route: 'dispense', key: 'k1' };
const hashOf = (body: unknown) => orReject(idempotencyOf(nodeHasher, { ...sent, body })).bodyHash;

describe('Idempotency-Key', () => {
  it('counts by what the body says, not by how it is written', () => {
    expect(hashOf({ b: [2], a: 1 })).toBe(hashOf({ a: 1, b: [2] }));
    expect(hashOf({ a: 1, b: [3] })).not.toBe(hashOf({ a: 1, b: [2] }));
    expect(hashOf(undefined)).toBe(hashOf(null));
  });

  it('is refused when it is empty or too long', () => {
    const refused = { malformed: { code: 'KEY_INVALID', field: 'Idempotency-Key' } };
    for (const key of ['', 'x'.repeat(201)])
      expect(idempotencyOf(nodeHasher, { ...sent, key, body: {} })).toMatchObject(refused);
  });
});
