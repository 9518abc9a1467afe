import type { JsonObject } from '@custos/core-bytes';
import type { RouteExample } from './example.js';

// A member asks; its signed headers are made anew for each request (formats/peers).

const DIGEST = 'd3845f8ce09cebc0b8ed0bf8f13443ca11a9a79dc92324f4569310ecfdab82f8';
const GLN = '4034567000001';
const KEY = `party/${GLN}`;
const HEIGHT = 2;
const TIME_MS = 1_767_600_000_000;
const value: JsonObject = {
  ...{ name: 'Member 2', country: 'DE', roles: ['pharmacy'], licences: [], detail: DIGEST },
};

const problem = (status: number, code: string, title: string, field: string, fix: string): JsonObject => ({
  ...{ type: `urn:custos:problem:${code}`, status, code, title, field, fix },
});

/** The examples of the peer API. An example without `by` is a request without a signature. */
export const PEER_EXAMPLES: readonly RouteExample[] = [
  { by: 'member', route: 'chainBlocks', name: 'all', summary: 'From genesis on', query: { from: '0' }, status: 200 },
  { by: 'member', route: 'chainRuns', name: 'all', summary: 'After genesis', query: { from: '1' }, status: 200 },
  {
    ...{
      by: 'member',
      route: 'chainRuns',
      name: 'noNumber',
      summary: 'Not a height',
      query: { from: 'x' },
      status: 400,
    },
    answer: problem(400, 'NUMBER_INVALID', 'The request is malformed', 'from', 'send a whole number, 0 or more'),
  },
  {
    ...{ route: 'chainRuns', name: 'stranger', summary: 'Without a signature', query: { from: '1' }, status: 401 },
    answer: problem(401, 'UNAUTHENTICATED', 'Members only', 'custos-key', 'send 64 lower-case hex digits'),
  },
  {
    ...{ by: 'member', route: 'chainCertificates', name: 'all', summary: 'From view 1 on', query: { from: '1' } },
    status: 200,
  },
  {
    ...{ by: 'member', route: 'chainBlock', name: 'unknown', summary: 'Nobody made it' },
    ...{ params: { hash: '0'.repeat(64) }, status: 404 },
    answer: problem(404, 'BLOCK_UNKNOWN', 'No such block here', 'hash', 'ask another validator'),
  },
  {
    ...{ by: 'member', route: 'chainLeaves', name: 'entry', summary: 'With its private part', query: { key: KEY } },
    status: 200,
    answer: {
      ...{ height: HEIGHT, hash: DIGEST, timestamp: TIME_MS },
      leaves: [{ key: KEY, value, private: { agents: [] } }],
    },
  },
  {
    ...{ by: 'member', route: 'chainLeaves', name: 'proven', summary: 'With its proof, for anybody' },
    ...{ query: { key: KEY, proof: 'true' }, status: 200 },
    answer: { header: '0001…', certificate: '0000…', leaves: [{ key: KEY, value, proof: '00…' }] },
  },
  {
    ...{ route: 'chainStatus', name: 'here', summary: 'At the watch address', status: 200 },
    answer: {
      ...{ height: HEIGHT, network: '…', networkId: DIGEST, validator: '4012345000009', validators: 4 },
      final: { height: HEIGHT, hash: DIGEST, view: 2, timestamp: TIME_MS, stateRoot: DIGEST },
      ...{ provisionalHeight: 2, view: 3, leader: '40…', finalizedView: 2, speaking: true, lanesOpen: true },
      ...{ pool: { transactions: 0, bytes: 0 }, intake: { admitted: 2, dropped: 0, full: 0 } },
      ...{ dropped: 8, branches: 0, finalLane: 3 },
    },
  },
];
