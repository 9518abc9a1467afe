import type { Addresses } from './addresses.js';
import type { Child } from './child.js';
import { client, type Client } from './http.js';
import type { Tokens } from './state-directory.js';
import type { Topology } from './topology.js';

/** A network as whoever plays on it sees it: addresses, tokens, and the processes it may kill. */
export interface Stage {
  readonly topology: Topology;
  /** Validators that may be killed and started again; none where the player has no hand on processes. */
  readonly validators: ReadonlyMap<string, Killable>;
  /** A client of a member's service, with the member's token. */
  service(name: string): Client;
  /** A client of trace in the name of a member; of the public when none is named. */
  traceAs(name?: string): Client;
  validatorUrl(name: string): string;
  /** State of a member's validator, which it shows at its watch listener. */
  validatorStatus(name: string): Promise<ShownStatus>;
}

/** The parts of a validator's status that are looked at. */
export interface ShownStatus {
  readonly height: number;
  readonly final: { readonly height: number; readonly hash: string; readonly stateRoot: string };
}

export type Killable = Pick<Child, 'name' | 'pid' | 'kill' | 'start'>;

export function openStage(
  topology: Topology,
  addresses: Addresses,
  tokens: Tokens,
  validators: ReadonlyMap<string, Killable> = new Map(),
): Stage {
  return {
    topology,
    validators,
    service: (name) => client(addresses.service(name), tokens.of(name).token),
    traceAs: (name) => client(addresses.trace, name && tokens.of(name).token),
    validatorUrl: (name) => addresses.validator(name),
    async validatorStatus(name) {
      const response = await fetch(`${addresses.watchValidator(name)}/status`);
      return (await response.json()) as ShownStatus;
    },
  };
}
