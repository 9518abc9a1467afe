import { addressSettings, readConfig } from '../index.js';

const read = (environment: Readonly<Record<string, string | undefined>>) =>
  readConfig(addressSettings(environment), { CUSTOS_HTTP_PORT: '7403', ...environment });

describe('the addresses of a service', () => {
  it('are on this machine alone, with no proxy and no exemption, unless settings say otherwise', () => {
    expect(read({})).toMatchObject({
      ...{ host: '127.0.0.1', port: 7403, watchHost: '127.0.0.1', watchPort: 0 },
      ...{ proxies: [], rateExempt: [] },
    });
    for (const host of ['', 'localhost', '::1', '127.0.0.2'])
      expect(read({ CUSTOS_HTTP_HOST: host }).proxies).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'trace.example.org'])(
    'SR12: others reach %s, so the proxies before it must be stated',
    (host) => {
      const wanted = `CUSTOS_PROXIES: the reverse proxies before it (other machines reach CUSTOS_HTTP_HOST ${host})`;
      for (const proxies of [{}, { CUSTOS_PROXIES: '' }])
        expect(() => read({ CUSTOS_HTTP_HOST: host, ...proxies })).toThrow(
          `${wanted}; set it to addresses or networks, comma separated, or to none`,
        );
      expect(read({ CUSTOS_HTTP_HOST: host, CUSTOS_PROXIES: 'none' }).proxies).toEqual([]);
    },
  );

  it('reads lists of addresses and networks, and refuses what is neither', () => {
    const networks = { CUSTOS_PROXIES: '192.0.2.1, 10.0.0.0/8', CUSTOS_RATE_EXEMPT: '2001:db8::/32' };
    expect(read(networks)).toMatchObject({ proxies: ['192.0.2.1', '10.0.0.0/8'], rateExempt: ['2001:db8::/32'] });
    for (const wrong of ['proxy', '10.0.0.0/', '10.0.0.0/33', '10.0.0.0/8/8', '::1/129', '192.0.2.1,', 'true'])
      for (const variable of ['CUSTOS_PROXIES', 'CUSTOS_RATE_EXEMPT'])
        expect(() => read({ [variable]: wrong })).toThrow(`${variable}: `);
  });

  it('the watch listener is not the public one', () => {
    expect(read({ CUSTOS_WATCH_PORT: '7423' }).watchPort).toBe(7423);
    const one = { CUSTOS_HTTP_PORT: '7403', CUSTOS_WATCH_PORT: '7403' };
    expect(() => read(one)).toThrow('a port, 0 to 65535, and another than CUSTOS_HTTP_PORT');
    expect(read({ CUSTOS_HTTP_PORT: '0', CUSTOS_WATCH_PORT: '0' }).watchPort).toBe(0);
  });
});
