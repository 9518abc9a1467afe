import { concatBytes } from '@custos/core-bytes';
import { parseDigest } from '@custos/core-crypto';
import { encodeFrames } from '@custos/formats-peers';
import { malformedProblem, Problem } from '@custos/shell-process';
import { answerBlock, answerCertificates, answerRuns } from './answers.js';
import type { Validator } from '../create-validator.js';
import { leafKeys, membersLeaves, provenLeaves } from './leaves.js';

/** One answer of `/blocks`: a second or so of a full network. Bytes. */
const BLOCKS_BYTES = 4 * 1024 * 1024;

/** Token of the {@link ValidatorService}. */
export const SERVICE = Symbol('validator service');

type Query = Readonly<Record<string, unknown>>;

/** The answers of the routes; bytes go out as they are. */
export type ValidatorService = ReturnType<typeof validatorService>;

/** Creates the functions behind the routes of a validator. */
export function validatorService(validator: Validator) {
  const { network, running } = validator;
  return {
    blocks: (query: Query) => bytes(concatBytes(...running().chain.piecesFrom(wholeOf(query, 'from'), BLOCKS_BYTES))),
    block(hash: string) {
      const digest = parseDigest(hash, 'hash');
      if (!digest.ok) throw malformedProblem(digest.malformed);
      const found = answerBlock(running(), digest.value);
      if (!found) throw unknownBlock();
      return bytes(found);
    },
    runs: (query: Query) => bytes(encodeFrames(answerRuns(running(), wholeOf(query, 'from')))),
    certificates: (query: Query) =>
      bytes(encodeFrames(answerCertificates(running(), network, wholeOf(query, 'epoch', 0), wholeOf(query, 'from')))),
    leaves(query: Query) {
      const keys = leafKeys(query);
      if (query.proof !== 'true') return membersLeaves(running(), keys);
      const proven = provenLeaves(running(), keys);
      if (proven) return proven;
      throw nothingProven();
    },
    status() {
      const status = validator.status();
      return { height: status.final.height, ...status };
    },
  };
}

function unknownBlock(): Problem {
  const fix = 'ask another validator';
  return new Problem({ status: 404, code: 'BLOCK_UNKNOWN', title: 'No such block here', field: 'hash', fix });
}

function nothingProven(): Problem {
  const title = 'No block after block 0 is final yet';
  return new Problem({ status: 404, code: 'NOTHING_PROVEN', title, field: 'proof', fix: 'ask again later' });
}

// Nest hands a Buffer to Fastify as it is, and a plain byte array as JSON.
function bytes(array: Uint8Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

function wholeOf(query: Query, name: string, fallback?: number): number {
  const text = query[name];
  if (text === undefined && fallback !== undefined) return fallback;
  const value = typeof text === 'string' && text !== '' ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw malformedProblem({ code: 'NUMBER_INVALID', field: name, fix: 'send a whole number, 0 or more' });
}
