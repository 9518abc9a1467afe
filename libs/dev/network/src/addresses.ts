import { watchPortOf, type MemberName, type Topology } from './topology.js';

/** Where the processes of a network reach each other. */
export interface Addresses {
  /** Brokers as `host:port`, or `file:/folder`. */
  readonly lanes: string;
  /** `http://host:port`, as are the others. */
  validator(name: MemberName): string;
  /** Watch listener of a validator; it listens on its own machine alone. */
  watchValidator(name: MemberName): string;
  service(name: MemberName): string;
  readonly trace: string;
}

export const LOOPBACK = '127.0.0.1';

/** Everything on this machine; containers publish their ports here, too. */
export function loopbackAddresses({ ports }: Topology): Addresses {
  const origin = (port: number) => `http://${LOOPBACK}:${port}`;
  return {
    lanes: `${LOOPBACK}:${ports.kafka}`,
    validator: (name) => origin(ports.members[name].validator),
    watchValidator: (name) => origin(watchPortOf(ports.members[name].validator)),
    service: (name) => origin(ports.members[name].service),
    trace: origin(ports.trace),
  };
}

/** What a process is called: on the terminal, in its log, and as a host among containers. */
export const PROCESS_NAMES = {
  validator: (name: MemberName) => `validator-${name}`,
  service: (name: MemberName) => name,
  trace: 'trace',
} as const;
