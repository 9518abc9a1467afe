import type { Role } from '@custos/core-registry';

/** The sender of a query. A patient is anybody without a token; `party` is the GLN on the token. */
export interface Asker {
  readonly kind: 'patient' | 'dispenser' | 'wholesaler' | 'regulator';
  readonly party?: string;
}

export const PATIENT: Asker = { kind: 'patient' };

const AUTHORITIES: readonly Role[] = ['regulator', 'laboratory'];
const DISPENSERS: readonly Role[] = ['pharmacy', 'hospital', 'supplier', 'prescriber'];

/** V1: makers and traders ask as wholesalers do. */
export function askerOf(party: { readonly gln: string; readonly roles: readonly Role[] }): Asker {
  const has = (roles: readonly Role[]): boolean => party.roles.some((role) => roles.includes(role));
  if (has(AUTHORITIES)) return { kind: 'regulator', party: party.gln };
  return { kind: has(DISPENSERS) ? 'dispenser' : 'wholesaler', party: party.gln };
}

/** The readers of a fact, besides the regulator: everybody, every member of the network, or the parties named (GLNs). */
export type Audience = 'everybody' | 'members' | readonly string[];

/** Kinds of facts, each with the audience of a fact of that kind. */
export type FactTable = Readonly<Record<string, (fact: never) => Audience>>;

/** A fact of one of the kinds of a table: its kind in `about`, and what its row reads. */
export type FactOf<Table extends FactTable> = {
  [Kind in keyof Table]: { readonly about: Kind } & Parameters<Table[Kind]>[0];
}[keyof Table];

interface Parties {
  readonly parties: readonly string[];
}

/** The kinds of facts about packs and the chain. Another law adds its own: `visibleIn({ ...FACTS, claim: ... })`. */
export const FACTS = {
  /** The answer about one scanned code (V2). */
  verdict: (_: unknown): Audience => 'everybody',
  /** Blocks, certificates, heights: of the network, not of a pack. */
  chain: (_: unknown): Audience => 'members',
  /** The possessor of a unit, its place, and its addressee. */
  custody: ({ parties }: Parties): Audience => parties,
  /** An accepted event, or a refused one. */
  event: ({ signer, parties }: Parties & { readonly signer: string }): Audience => [signer, ...parties],
  /** How far a lot has spread. */
  reach: ({ gtinOwner }: { readonly gtinOwner: string | undefined }): Audience =>
    gtinOwner === undefined ? [] : [gtinOwner],
  inventory: ({ party }: { readonly party: string }): Audience => [party],
} as const satisfies FactTable;

export type Fact = FactOf<typeof FACTS>;

/** The facts with named parties that an asker sees: those of all parties, of one (GLN), or none. */
export interface Sight {
  readonly all: boolean;
  readonly party: string | null;
}

/**
 * Returns what a query passes to SQL so that hidden rows are left out before a limit counts them. `visible` decides by
 * the same value.
 */
export function sightOf({ kind, party }: Asker): Sight {
  return { all: kind === 'regulator', party: kind === 'patient' ? null : (party ?? null) };
}

/**
 * The one place that hides (absence 11). A regulator sees all; a party what it is part of: as signer, sender,
 * addressee, holder, owner, or owner of the GTIN; a patient the answer about the code in hand.
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

/** Whether this asker may see this fact of {@link FACTS}. */
export const visible = visibleIn(FACTS);
