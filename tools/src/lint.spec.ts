import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Case {
  readonly path: string;
  readonly code: string;
  /** The rule that must speak; none: the text is clean. */
  readonly rule?: string;
}

const boundary = '@nx/enforce-module-boundaries';
const core = 'libs/core/bytes/src/hex.ts';

const CASES: readonly Case[] = [
  { path: core, code: "import { taggedHash } from '@custos/core-crypto';\ntaggedHash;", rule: boundary },
  {
    path: 'libs/core/chain/src/blocks/block.ts',
    code: "import { parseEvent } from '@custos/core-epcis';\nparseEvent;",
    rule: boundary,
  },
  {
    path: 'libs/core/consensus/src/types.ts',
    code: "import { parseGtin } from '@custos/core-gs1';\nparseGtin;",
    rule: boundary,
  },
  {
    path: 'libs/core/custody/src/index.ts',
    code: "import { VOTE } from '@custos/core-finality';\nVOTE;",
    rule: boundary,
  },
  {
    path: 'libs/shell/lanes/src/lanes.ts',
    code: "import { follow } from '@custos/node-follower';\nfollow;",
    rule: boundary,
  },
  {
    path: 'libs/node/partner/src/index.ts',
    code: "import { startServers } from '@custos/dev-servers';\nstartServers;",
    rule: boundary,
  },
  {
    path: 'libs/core/crypto/src/digest.ts',
    code: "import { toHex } from '@custos/core-bytes';\ntoHex(new Uint8Array());",
  },
  { path: core, code: 'export const now = Date.now();', rule: 'no-restricted-properties' },
  { path: core, code: 'export const dice = Math.random();', rule: 'no-restricted-properties' },
  { path: core, code: 'export const now = new Date();', rule: 'no-restricted-syntax' },
  { path: core, code: 'export const yes = /a+/.test(String());', rule: 'no-restricted-syntax' },
  { path: core, code: "export const order = 'a'.localeCompare('b');", rule: 'no-restricted-syntax' },
  { path: core, code: 'export const zone = Intl;', rule: 'no-restricted-globals' },
  { path: core, code: 'export const anything = (value: any) => value;', rule: '@typescript-eslint/no-explicit-any' },
  { path: core, code: 'export enum Colour { red }', rule: 'no-restricted-syntax' },
];

describe('the lint is awake: a canary for each arrow and absence', () => {
  const script = join(__dirname, '..', 'lint-texts.mjs');
  const answers = JSON.parse(
    execFileSync(process.execPath, [script], { input: JSON.stringify(CASES), encoding: 'utf8' }),
  ) as string[][];

  it.each(CASES.map((each, i) => ({ ...each, broken: answers[i]! })))('$path: $code', ({ rule, broken }) => {
    if (rule === undefined) expect(broken).toEqual([]);
    else expect(broken).toContain(rule);
  });
});
