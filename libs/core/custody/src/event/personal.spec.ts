import { findPersonal, sealPersonal } from '../index.js';

const GSRN = '401234500000000012';

describe('L2.8: the GSRN of a person', () => {
  it.each([
    'urn:epc:id:gsrn:4012345.0000000001',
    'URN:EPC:id:gsr%6E:4012345.0000000001',
    'urn:epc:id:gsrnp:4012345.0000000001',
    'urn:epc:idpat:gsrn:4012345.*',
    'urn:epc:tag:gsrn-96:0.4012345.0000000001',
    `https://id.gs1.org/8018/${GSRN}`,
    `https://id.gs1.org/8017/${GSRN}/8019/1?x=1`,
    `https://id.gs1.org/gsrn/${GSRN}`,
    `https://example.com/shop/GSRNP/${GSRN}`,
    `https://id.gs1.org/%38018/${GSRN}`,
    `https://id.gs1.org/8018%2F%34${GSRN.slice(1)}`,
    `https://id.gs1.org/8018/./x/../${GSRN}`,
    `https://id.gs1.org/8018//${GSRN}`,
    `https://id.gs1.org/01/04012345000016?8018=${GSRN}`,
    `https://id.gs1.org/01/04012345000016#gsrn=${GSRN}`,
    `https://example.com/?see=urn:epc:id:gsrn:4012345.0000000001`,
    `(8018)${GSRN}`,
  ])('L2.8: is found in %s', (text) => {
    const event = { bizTransactionList: [{ bizTransaction: text }] };
    expect(findPersonal(event)).toBe('/bizTransactionList/0/bizTransaction');
    expect(sealPersonal(event, () => 'sealed')).toEqual({ bizTransactionList: [{ bizTransaction: 'sealed' }] });
  });

  it.each([
    'urn:epc:id:sgtin:4012345.000001.8018',
    'https://id.gs1.org/01/04012345000016/21/8018',
    `https://id.gs1.org/00/${GSRN}`,
    'https://id.gs1.org/8018/4012345',
    'https://example.com/gsrn/about',
    '8018',
  ])('L2.8: is not found in %s', (text) => {
    expect(findPersonal([text])).toBeUndefined();
  });
});
