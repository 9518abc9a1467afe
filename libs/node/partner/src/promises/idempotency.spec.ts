import { nodeHasher } from '@custos/shell-node-crypto';
import { idempotencyOf } from './idempotency.js';

const incoming = { caller: 'till', route: 'dispense', idempotencyKey: 'k1', body: { a: 1, b: [2] } };
const of = (more: Partial<typeof incoming>) => idempotencyOf(nodeHasher, { ...incoming, ...more });

describe('Idempotency-Key', () => {
  it('counts by what the body says, not by how it is written', () => {
    expect(of({ body: { b: [2], a: 1 } as never })).toEqual(of({}));
    expect(of({ body: { a: 1, b: [3] } })?.bodyHash).not.toBe(of({})?.bodyHash);
    expect(of({ body: undefined as never })?.bodyHash).toBe(of({ body: null as never })?.bodyHash);
  });

  it('is nothing when it is not sent, and refused when it is empty or too long', () => {
    expect(of({ idempotencyKey: undefined as never })).toBeUndefined();
    for (const idempotencyKey of ['', 'x'.repeat(201)]) expect(() => of({ idempotencyKey })).toThrow('KEY_INVALID');
  });
});
