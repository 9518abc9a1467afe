import type { Json, JsonObject } from '@custos/core-bytes';
import type { ValidatorEntry } from '@custos/core-finality';

export interface GenesisParameters {
  /** Blocks in an epoch; 0 = the first epoch never ends (L3.4). */
  readonly epochLength: number;
  /** First advance timer of a view, milliseconds (K9). */
  readonly t0: number;
}

/** What everybody agrees on before block 0 (L3.4). Its canonical JSON is the network's identity. */
export interface Genesis {
  /** Lower-case letters, digits and hyphens: it begins the names of lanes. */
  readonly name: string;
  /** Timestamp of block 0, milliseconds since 1970. */
  readonly time: number;
  readonly parameters: GenesisParameters;
  /** ISO 3166-1 alpha-2 to the name of a rule set. */
  readonly countries: { readonly [country: string]: string };
  /** By name; `core/registry` reads them. */
  readonly ruleSets: JsonObject;
  readonly validators: readonly ValidatorEntry[];
  /** Read by `core/registry`, as are keys and products. */
  readonly parties: readonly Json[];
  readonly keys: readonly Json[];
  readonly products?: readonly Json[];
}
