import { port, text, type Settings } from '../config.js';
import { DEFAULT_RATES, rateSettings, type RateLimits } from './rate-limits.js';

/** The address that a service listens on, and its limits for callers. */
export interface ServeAddress extends RateLimits {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Addresses or networks of reverse proxies, comma separated, whose `X-Forwarded-For` is believed; '' = of none. */
  readonly proxies: string;
}

/** An address to listen on; rates that are not given are the defaults. */
export type ListenAddress = Pick<ServeAddress, 'host' | 'port'> & Partial<ServeAddress>;

/** Settings that every service has; `rates` are its own defaults. */
export function addressSettings(rates: RateLimits = DEFAULT_RATES): Settings<ServeAddress> {
  return {
    host: text('CUSTOS_HTTP_HOST', 'address to listen on', '127.0.0.1'),
    port: port('CUSTOS_HTTP_PORT', 'port to listen on'),
    proxies: text('CUSTOS_PROXIES', 'addresses of the reverse proxies before it', ''),
    ...rateSettings(rates),
  };
}
