import { memberOf, type Topology } from './topology.js';

/** Where the processes of a network reach each other. */
export interface Addresses {
  /** Brokers as `host:port`, or `file:/folder`. */
  readonly lanes: string;
  /** `http://host:port`, as are the others. */
  validator(name: string): string;
  /** Watch listener of a validator; it listens on its own machine alone. */
  watchValidator(name: string): string;
  service(name: string): string;
  readonly trace: string;
}

export const LOOPBACK = '127.0.0.1';

/** Everything on this machine; containers publish their ports here, too. */
export function loopbackAddresses(topology: Topology): Addresses {
  const origin = (port: number) => `http://${LOOPBACK}:${port}`;
  const portsOf = (name: string) => memberOf(topology, name).ports;
  return {
    lanes: `${LOOPBACK}:${topology.ports.kafka}`,
    validator: (name) => origin(portsOf(name).validator.http),
    watchValidator: (name) => origin(portsOf(name).validator.watch),
    service: (name) => origin(portsOf(name).service.http),
    trace: origin(topology.ports.trace.http),
  };
}

/** What a process is called: on the terminal, in its log, and as a host among containers. */
export const PROCESS_NAMES = {
  validator: (name: string) => `validator-${name}`,
  service: (name: string) => name,
  trace: 'trace',
} as const;
