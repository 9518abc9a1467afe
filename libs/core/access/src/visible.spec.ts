import { askerOf, FACTS, PATIENT, sightOf, visible, visibleIn, type Asker, type Fact } from './index.js';

const [MAKER, TRADER, STRANGER] = ['4012345000009', '4023456000002', '4034567000001'] as const;
const asks = (gln: string, ...roles: Parameters<typeof askerOf>[0]['roles']): Asker => askerOf({ gln, roles });

const facts: readonly [Fact, readonly string[]][] = [
  [{ about: 'custody', parties: [MAKER, TRADER] }, [MAKER, TRADER]],
  [{ about: 'event', signer: MAKER, parties: [TRADER] }, [MAKER, TRADER]],
  [{ about: 'reach', gtinOwner: MAKER }, [MAKER]],
  [{ about: 'reach', gtinOwner: undefined }, []],
  [{ about: 'inventory', party: TRADER }, [TRADER]],
  [{ about: 'chain' }, [MAKER, TRADER, STRANGER]],
  [{ about: 'verdict' }, [MAKER, TRADER, STRANGER]],
];

describe('V1: visible', () => {
  it.each(facts)('shows %j to the parties %j and the regulator only', (fact, parties) => {
    const seen = [MAKER, TRADER, STRANGER].filter((gln) => visible(asks(gln, 'distributor'), fact));
    expect(seen).toEqual(parties);
    expect(visible(asks(STRANGER, 'regulator'), fact)).toBe(true);
    expect(visible(PATIENT, fact)).toBe(fact.about === 'verdict');
  });

  it('shows an asker without a party the facts that a patient sees', () => {
    for (const [fact] of facts) expect(visible({ kind: 'wholesaler' }, fact)).toBe(fact.about === 'verdict');
  });

  it('gives a query the same filter: all parties, one party, or none', () => {
    expect(sightOf(asks(TRADER, 'distributor'))).toEqual({ all: false, party: TRADER });
    expect(sightOf(asks(STRANGER, 'regulator'))).toEqual({ all: true, party: STRANGER });
    expect(sightOf(PATIENT)).toEqual({ all: false, party: null });
    expect(sightOf({ kind: 'patient', party: TRADER })).toEqual({ all: false, party: null });
  });

  it('hides facts of another law by rows that it adds', () => {
    const sees = visibleIn({ ...FACTS, claim: ({ insurer }: { readonly insurer: string }) => [insurer] });
    const claim = { about: 'claim', insurer: TRADER } as const;
    expect([MAKER, TRADER].map((gln) => sees(asks(gln, 'insurer'), claim))).toEqual([false, true]);
    expect([sees(PATIENT, claim), sees(PATIENT, { about: 'verdict' })]).toEqual([false, true]);
  });
});
