import type { Role } from '@custos/core-registry';

/** The sender of a query. A patient is any sender without a token; `party` is the GLN in the token. */
export interface Asker {
  readonly kind: 'patient' | 'dispenser' | 'wholesaler' | 'regulator';
  readonly party?: string;
}

/** The asker of a query without a token. */
export const PATIENT: Asker = { kind: 'patient' };

const AUTHORITIES: readonly Role[] = ['regulator', 'laboratory'];
const DISPENSERS: readonly Role[] = ['pharmacy', 'hospital', 'supplier', 'prescriber'];

/** V1: returns the asker that a party is, by its roles. Manufacturers and traders ask as wholesalers. */
export function askerOf(party: { readonly gln: string; readonly roles: readonly Role[] }): Asker {
  const has = (roles: readonly Role[]): boolean => party.roles.some((role) => roles.includes(role));
  if (has(AUTHORITIES)) return { kind: 'regulator', party: party.gln };
  return { kind: has(DISPENSERS) ? 'dispenser' : 'wholesaler', party: party.gln };
}

/** The readers of a fact besides the regulator: everyone, every member of the network, or the parties named by GLN. */
export type Audience = 'everybody' | 'members' | readonly string[];

/** A table of the kinds of facts, each with a function that returns the audience of a fact of that kind. */
export type FactTable = Readonly<Record<string, (fact: never) => Audience>>;

/** A fact of one of the kinds of a table: its kind in `about`, and the members that its row reads. */
export type FactOf<Table extends FactTable> = {
  [Kind in keyof Table]: { readonly about: Kind } & Parameters<Table[Kind]>[0];
}[keyof Table];

interface Parties {
  readonly parties: readonly string[];
}

/** The kinds of facts about packs and the chain. Another law adds its own: `visibleIn({ ...FACTS, claim: ... })`. */
export const FACTS = {
  /** The verdict on one scanned code (V2). */
  verdict: (_: unknown): Audience => 'everybody',
  /** Blocks, certificates and heights, which belong to the network and not to a pack. */
  chain: (_: unknown): Audience => 'members',
  /** The possessor of a unit, its place, and its addressee. */
  custody: ({ parties }: Parties): Audience => parties,
  /** An accepted event, or a refused one. */
  event: ({ signer, parties }: Parties & { readonly signer: string }): Audience => [signer, ...parties],
  /** The reach of a recall: the holders and the dispensed units of a lot. */
  reach: ({ gtinOwner }: { readonly gtinOwner: string | undefined }): Audience =>
    gtinOwner === undefined ? [] : [gtinOwner],
  inventory: ({ party }: { readonly party: string }): Audience => [party],
} as const satisfies FactTable;

/** A fact of one of the kinds of {@link FACTS}. */
export type Fact = FactOf<typeof FACTS>;

/** The facts with named parties that an asker sees: all of them, those of one party (GLN), or none. */
export interface Sight {
  readonly all: boolean;
  readonly party: string | null;
}

/**
 * Returns the filter that a query passes to SQL, so that hidden rows are left out before a limit counts them. `visible`
 * decides by the same value.
 */
export function sightOf({ kind, party }: Asker): Sight {
  return { all: kind === 'regulator', party: kind === 'patient' ? null : (party ?? null) };
}

/**
 * Returns a function that reports whether an asker may see a fact of a table. It is the only place that hides (absence
 * 11). A regulator sees all facts. A party sees those in which it is signer, sender, addressee, holder, owner, or owner
 * of the GTIN. A patient sees the verdict on the code in hand.
 */
export function visibleIn<Table extends FactTable>(table: Table) {
  return (asker: Asker, fact: FactOf<Table>): boolean => {
    const { about } = fact as { readonly about: keyof Table };
    const audience = table[about]!(fact as never);
    const { all, party } = sightOf(asker);
    if (audience === 'everybody' || all) return true;
    if (party === null) return false;
    return audience === 'members' || audience.includes(party);
  };
}

/** Reports whether this asker may see this fact of {@link FACTS}. */
export const visible = visibleIn(FACTS);
