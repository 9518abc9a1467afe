import { port, text, type Setting, type Settings } from '../config.js';
import { membershipIn, networks } from '../networks.js';
import { DEFAULT_RATES, rateSettings, type RateLimits } from './rate-limits.js';

/** The addresses that a service listens on, and its limits for callers. */
export interface ServeAddress extends RateLimits {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Host of the watch listener: metrics and the state of a validator, for everyone who reaches it. */
  readonly watchHost: string;
  /** Port of the watch listener; 0 = any free one. */
  readonly watchPort: number;
  /** Addresses and networks of reverse proxies, whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly string[];
}

/** Addresses to listen on; the watch listener is at any free port of this machine, rates are the defaults. */
export type ListenAddress = Pick<ServeAddress, 'host' | 'port'> & Partial<ServeAddress>;

type Environment = Readonly<Record<string, string | undefined>>;

/** The host that a service listens on, by both listeners, unless its settings name another. */
export const DEFAULT_HOST = '127.0.0.1';

/** Settings that every service has; `rates` are its own defaults. */
export function addressSettings(environment: Environment, rates: RateLimits = DEFAULT_RATES): Settings<ServeAddress> {
  return {
    host: text('CUSTOS_HTTP_HOST', 'address to listen on', DEFAULT_HOST),
    port: port('CUSTOS_HTTP_PORT', 'port to listen on'),
    watchHost: text('CUSTOS_WATCH_HOST', 'address that metrics are served on', DEFAULT_HOST),
    watchPort: watchPort(environment),
    proxies: proxies(environment),
    ...rateSettings(rates),
  };
}

/** A service that others reach must know whether proxies are before it: their clients would else be one client. */
function proxies({ CUSTOS_HTTP_HOST: host = '' }: Environment): Setting<readonly string[]> {
  const variable = 'CUSTOS_PROXIES';
  if (host === '' || isLoopback(host)) return networks(variable, 'the reverse proxies before it', []);
  return networks(variable, `the reverse proxies before it (other machines reach CUSTOS_HTTP_HOST ${host})`);
}

/** The two listeners must not be one: what is for watching would be public. */
function watchPort({ CUSTOS_HTTP_PORT: taken }: Environment): Setting<number> {
  const setting = port('CUSTOS_WATCH_PORT', 'port that metrics are served on', 0);
  return {
    ...setting,
    expected: `${setting.expected}, and another than CUSTOS_HTTP_PORT`,
    read: (value) => (value === taken && value !== '0' ? undefined : setting.read(value)),
  };
}

const isLoopbackAddress = membershipIn(['127.0.0.0/8', '::1']);

function isLoopback(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}
