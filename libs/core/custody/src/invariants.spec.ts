import fc from 'fast-check';
import { canonicalJson, type JsonObject } from '@custos/core-bytes';
import { referenceHasher as hasher } from '@custos/core-crypto';
import type { UnitIdentifier } from '@custos/core-gs1';
import type { Entry } from '@custos/core-state';
import { childrenOf, contentsKey, privateCommitment, summaryHash, unitOf, type Decision, type Unit } from './index.js';
import { addShare, shareOf } from './units/summary.js';
import {
  carton,
  key,
  lgtin,
  MAKER,
  pack,
  PHARMACY,
  PHARMACY_2,
  snapshot,
  sscc,
  TRADER,
  world,
  type World,
} from './testing/world.js';

// Section I: random walks in which all parties act on a dozen units. All invariants are checked after each step.

const UNITS: readonly UnitIdentifier[] = [
  ...[1, 2, 3, 4, 5, 6].map((n) => pack(n)),
  ...[1, 2, 3].map((n) => carton(n)),
  ...[1, 2].map((n) => sscc(n)),
  sscc(1, '4023456'),
];
const SIGNERS = [MAKER, TRADER, PHARMACY, PHARMACY_2];

const someUnits = fc.uniqueArray(fc.constantFrom(...UNITS), { minLength: 1, maxLength: 3, selector: key });
const action = fc.record({
  step: fc.constantFrom(
    'commission',
    'pack',
    'pack',
    'unpack',
    'ship',
    'ship',
    'receive',
    'receive',
    'dispense',
    'record',
    'recall',
  ),
  signer: fc.constantFrom(...SIGNERS),
  receiver: fc.constantFrom(...SIGNERS),
  parent: fc.constantFrom(...UNITS.slice(6)),
  units: someUnits,
  all: fc.boolean(),
  // Mostly the party that may act, so that walks go far; sometimes any party.
  lawful: fc.integer({ min: 0, max: 9 }),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

function signerOf(w: World, { signer, units, parent, step, lawful }: Action): string {
  if (lawful === 0) return signer;
  if (step === 'commission' || step === 'recall') return MAKER;
  const subject = step === 'pack' || step === 'unpack' ? parent : units[0]!;
  const entry = w.state.get(key(subject)) ?? w.state.get(key(units[0]!));
  if (!entry) return signer;
  const { custody } = rootIn(w, unitOf(w.state.get(key(subject)) ? key(subject) : key(units[0]!), entry));
  return (step === 'receive' ? custody?.transit?.to : undefined) ?? custody?.possessor ?? signer;
}

function eventFor(w: World, { step, receiver, parent, units, all }: Action): JsonObject {
  switch (step) {
    case 'commission':
      return w.commission(units);
    case 'pack':
      return w.pack(parent, units);
    case 'unpack':
      return w.unpack(parent, all ? [] : units);
    case 'ship':
      return w.ship(units, receiver);
    case 'receive':
      return w.receive(units);
    case 'dispense':
      return w.dispense(units);
    case 'recall':
      return w.recall({ id: 'R', class: 1, depth: 'patient', markets: ['DE'] }, [lgtin()]);
    default:
      return w.object({ bizStep: 'storing', epcs: units });
  }
}

function unitsIn(w: World): readonly Unit[] {
  return UNITS.flatMap((unit) => {
    const entry = w.state.get(key(unit));
    return entry ? [unitOf(key(unit), entry)] : [];
  });
}

// There are thousands of checks in a run, and `expect` would take most of the time.
function hold(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

function rootIn(w: World, unit: Unit): Unit {
  let at = unit;
  for (let depth = 0; at.container; depth++) {
    hold(depth < 9, 'containment is a forest');
    at = unitOf(at.container.key, w.state.get(at.container.key)!);
  }
  return at;
}

function childrenFromPages(w: World, unit: Unit): readonly string[] {
  return (unit.pages ?? []).flatMap((count, page) => {
    const entry = w.state.get(contentsKey(unit.key, page));
    const children = entry ? childrenOf(entry) : [];
    hold(children.length === count, `page ${page} of ${unit.key} has ${count} children`);
    return children;
  });
}

function checkForest(w: World): void {
  const units = unitsIn(w);
  for (const unit of units) {
    const children = units.filter(({ container }) => container?.key === unit.key);
    const listed = [...childrenFromPages(w, unit)].sort().join();
    hold(
      listed ===
        children
          .map((child) => child.key)
          .sort()
          .join(),
      `pages of ${unit.key} list its children`,
    );
    hold(
      children.every(({ container }) => container?.incarnation === unit.incarnation),
      'of this incarnation',
    );
    // Recomputed from its children alone.
    const shares = children.map((child) => shareOf(child));
    const summary = shares.reduce<ReturnType<typeof addShare> | undefined>(addShare, undefined);
    hold(canonicalJson(unit.contains ?? null) === canonicalJson(summary ?? null), `summary of ${unit.key}`);
    checkCustody(w, unit);
  }
}

function checkCustody(w: World, unit: Unit): void {
  const entry = w.state.get(unit.key)!;
  hold((unit.custody === undefined) === (unit.container !== undefined), 'custody is the outermost container’s');
  const { custody } = rootIn(w, unit);
  hold(SIGNERS.includes(custody!.possessor), 'one possessor');
  hold(unit.lot === undefined || custody!.owner !== undefined, 'goods have an owner');
  // L6.2: every leaf commits to its private part, and the private part to the summary.
  hold(entry.value.private === privateCommitment(hasher, entry), 'the leaf commits to the private part');
  hold(entry.private!.summary === (entry.summary && summaryHash(hasher, unit.contains!)), 'and that to the summary');
}

const isOver = (unit: Unit): boolean => unit.lifecycle.state === 'inactive';

/** Returns the keys of units that are inactive, or lie in an inactive container (S8). */
function overKeys(w: World): ReadonlySet<string> {
  const over = new Set<string>();
  for (const unit of unitsIn(w)) {
    let at: Unit | undefined = unit;
    while (at) {
      if (isOver(at)) over.add(unit.key);
      at = at.container && unitOf(at.container.key, w.state.get(at.container.key)!);
    }
  }
  return over;
}

// Each walk starts from two packed cases, a pallet, and several loose packs.
const PREPARED: ReadonlyMap<string, Entry> = (() => {
  const w = world();
  w.done(MAKER, w.commission([...UNITS.slice(0, 8), sscc(1)]));
  w.done(MAKER, w.pack(carton(1), [pack(1), pack(2)]));
  w.done(MAKER, w.pack(carton(2), [pack(3)]));
  w.done(MAKER, w.pack(sscc(1), [carton(1), carton(2)]));
  return snapshot(w);
})();
const BEGUN = 100;

function walk(actions: readonly Action[], eachStep: (w: World, step: Action, decision: Decision) => void): World {
  const w = world(PREPARED, BEGUN);
  for (const step of actions) {
    const decision = w.tell(signerOf(w, step), eventFor(w, step));
    eachStep(w, step, decision);
  }
  return w;
}

function look(w: World): { readonly units: number; readonly state: string } {
  return { units: unitsIn(w).length, state: stateText(w) };
}

function stateText(w: World): string {
  return canonicalJson(w.state.changes().map((change) => [change.key, (change.after ?? null) as never]));
}

// The fields that a read model holds of a unit.
function rowOf({ lifecycle, container, custody }: Unit): Record<string, unknown> {
  return { lifecycle, container: container?.key, ...custody };
}

const walks = fc.array(action, { minLength: 15, maxLength: 35 });

describe('I invariants on random walks', () => {
  it('I: the forest, its sums, one possessor and every commitment are valid after each step', () => {
    let accepted = 0;
    fc.assert(
      fc.property(walks, (actions) => {
        walk(actions, (w, _step, decision) => {
          if (decision.outcome === 'accepted') accepted++;
          checkForest(w);
        });
      }),
      { numRuns: 30 },
    );
    // A walk in which every step is refused would prove nothing.
    expect(accepted).toBeGreaterThan(200);
  });

  it('I: refusals change nothing, and only commissioning creates units', () => {
    fc.assert(
      fc.property(walks, (actions) => {
        let before = look(world(PREPARED));
        walk(actions, (w, { step }, decision) => {
          hold(decision.outcome === 'accepted' || stateText(w) === before.state, 'refusals change nothing');
          const made = unitsIn(w).length - before.units;
          hold(made >= 0 && (made === 0 || step === 'commission' || step === 'pack'), `${step} conserves units`);
          before = look(w);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('I: an inactive unit stays inactive, and a recalled lot is never dispensed', () => {
    fc.assert(
      fc.property(walks, (actions) => {
        let recalled = false;
        let before: ReadonlySet<string> = new Set();
        walk(actions, (w, { step }, decision) => {
          const over = overKeys(w);
          for (const one of before) hold(over.has(one), `${one} stays over`);
          hold(!recalled || over.size === before.size, 'nothing is dispensed after a recall');
          if (step === 'recall' && decision.outcome === 'accepted') recalled = true;
          before = over;
        });
      }),
      { numRuns: 20 },
    );
  });

  it('I: replay gives the same state', () => {
    fc.assert(
      fc.property(walks, (actions) => {
        expect(stateText(walk(actions, () => undefined))).toBe(stateText(walk(actions, () => undefined)));
      }),
      { numRuns: 5 },
    );
  });

  it('L5.2: receipts alone rebuild custody and containment', () => {
    fc.assert(
      fc.property(walks, (actions) => {
        const rows = new Map<string, Record<string, unknown>>();
        for (const unit of unitsIn(world(PREPARED))) rows.set(unit.key, rowOf(unit));
        const w = walk(actions, (_w, _step, decision) => {
          if (decision.outcome === 'refused') return;
          for (const { keys, set } of decision.receiptChanges)
            for (const key of keys) rows.set(key, { ...rows.get(key), ...set });
        });
        for (const unit of unitsIn(w)) {
          const row = rows.get(unit.key)!;
          expect(row.container ?? undefined).toBe(unit.container?.key);
          expect(row.lifecycle).toEqual(unit.lifecycle);
          let at = unit.key;
          while (rows.get(at)!.container) at = rows.get(at)!.container as string;
          const { custody } = rootIn(w, unit);
          const root = rows.get(at)!;
          expect([root.possessor, root.owner ?? undefined, root.location, root.transit ?? undefined]).toEqual([
            custody!.possessor,
            custody!.owner,
            custody!.location,
            custody!.transit,
          ]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('the check reports a broken sum', () => {
    const w = world();
    w.done(MAKER, w.commission([pack(1), carton(1)]));
    w.done(MAKER, w.pack(carton(1), [pack(1)]));
    const entry = w.state.get(key(carton(1)))!;
    const wrong: Entry = { ...entry, summary: { ...entry.summary, packs: 2 } };
    w.state.set(key(carton(1)), wrong);
    expect(() => checkForest(w)).toThrow();
  });
});
