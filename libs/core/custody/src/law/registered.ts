import { registry, type Product, type Registry } from '@custos/core-registry';
import { type StateView } from '@custos/core-state';

/** A reader of the registry for one event. It looks up each product and owner once, for any number of packs. */
export interface Registered extends Registry {
  productOf(gtin: string): Product | undefined;
  /** C1: returns the GLN of the holder of a grant, else of the prefix. */
  ownerOf(gtin: string): string | undefined;
}

/** Returns a reader of the registry at block time `at`, in milliseconds since 1970. */
export function registeredAt(view: StateView, at: number): Registered {
  const reader = registry(view);
  const products = remembered((gtin) => reader.product(gtin, at));
  const owners = remembered((gtin) => reader.gtinOwner(gtin));
  return {
    ...reader,
    party: remembered((gln) => reader.party(gln)),
    location: remembered((gln) => reader.location(gln)),
    ssccOwner: remembered((sscc) => reader.ssccOwner(sscc)),
    productOf: products,
    ownerOf: owners,
  };
}

function remembered<T>(look: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    if (!known.has(name)) known.set(name, look(name));
    return known.get(name)!;
  };
}
