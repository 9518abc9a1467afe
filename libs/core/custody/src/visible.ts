import { unreachable } from '@custos/core-bytes';
import type { Role } from '@custos/core-registry';

/** Who asks; a patient is anybody without a token. `party` is the GLN on the token. */
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

/** Something a query is about to tell; every GLN that is a party to it is named. */
export type Fact =
  /** The answer about one scanned code (V2). */
  | { readonly about: 'verdict' }
  /** Blocks, certificates, heights: of the network, not of a pack. */
  | { readonly about: 'chain' }
  /** Who has a unit, where, and on its way to whom. */
  | { readonly about: 'custody'; readonly parties: readonly string[] }
  /** An accepted event, or a refused one. */
  | { readonly about: 'event'; readonly signer: string; readonly parties: readonly string[] }
  /** How far a lot has spread. */
  | { readonly about: 'reach'; readonly gtinOwner: string | undefined }
  | { readonly about: 'inventory'; readonly party: string };

/**
 * The one place that hides (absence 11). A regulator sees all; a party what it is part of: as signer, sender,
 * addressee, holder, owner, or owner of the GTIN; a patient the answer about the code in hand.
 */
export function visible(asker: Asker, fact: Fact): boolean {
  if (fact.about === 'verdict' || asker.kind === 'regulator') return true;
  const { party } = asker;
  if (asker.kind === 'patient' || party === undefined) return false;
  switch (fact.about) {
    case 'chain':
      return true;
    case 'custody':
      return fact.parties.includes(party);
    case 'event':
      return fact.signer === party || fact.parties.includes(party);
    case 'reach':
      return fact.gtinOwner === party;
    case 'inventory':
      return fact.party === party;
    default:
      return unreachable(fact);
  }
}
