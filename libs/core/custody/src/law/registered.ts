import { registry, type Product, type Registry } from '@custos/core-registry';
import { type StateView } from '@custos/core-state';

/** The registry as one event asks it: each product and owner is looked up once, however many packs there are. */
export interface Registered extends Registry {
  productOf(gtin: string): Product | undefined;
  /** C1: holder of a grant, else of the prefix. */
  ownerOf(gtin: string): string | undefined;
}

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
