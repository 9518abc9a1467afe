import { canonicalBytes, utf8 } from '@custos/core-bytes';
import { ConfigError } from '@custos/shell-process';
import { identityOf } from '@custos/node-member-service';
import { genesisDocument, MAKER, NOBODY, TRADER } from './testing/members.js';

const genesis = canonicalBytes(genesisDocument(Date.parse('2026-01-05T08:00:00Z')));
const caller = { name: 'till', access: 'operate', party: MAKER.gln, hash: 'ab'.repeat(32) };
const identity = { genesis, party: MAKER.gln, signer: MAKER.key, callers: [caller] };

describe('who a service is', () => {
  it('follows from genesis, its party and the callers of that party', () => {
    expect(identityOf(identity)).toMatchObject({
      party: { gln: MAKER.gln, roles: ['manufacturer'] },
      callers: [caller],
    });
  });

  it.each([
    ['a genesis that is none', { genesis: utf8('{}') }, 'CUSTOS_GENESIS'],
    ['a genesis with a member twice', { genesis: utf8('{"network":"a","network":"b"}') }, 'CUSTOS_GENESIS'],
    ['a party that is not of this network', { party: NOBODY }, 'CUSTOS_PARTY'],
    ['callers that are no list', { callers: {} }, 'CUSTOS_TOKENS'],
    ['a caller of another organisation', { callers: [{ ...caller, party: TRADER.gln }] }, 'CUSTOS_TOKENS'],
  ])('%s is told by its setting', (_what, wrong, setting) => {
    const open = () => identityOf({ ...identity, ...wrong });
    expect(open).toThrow(ConfigError);
    expect(open).toThrow(setting);
  });
});
