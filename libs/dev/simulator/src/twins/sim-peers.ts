import { answerBlock, answerCertificates, answerRuns, type Peers, type Validator } from '@custos/node-validator';
import type { Life } from './life.js';
import type { Random } from './random.js';

/** How long an asker waits for a peer that is away. Milliseconds. */
const PATIENCE_MS = 2_000;

/** Finds the validator of a party, if it runs and can be reached from here. */
export type Reach = (gln: string) => Validator | undefined;

/** Sees the certificates that a validator answers with. */
export type OnCertificates = (gln: string, certificates: readonly Uint8Array[]) => void;

/** Pulls from other validators of the same simulation; the answers are what their HTTP would say. */
export function simulatedPeers(random: Random, life: Life, reach: Reach, onCertificates: OnCertificates): Peers {
  const ask = async <T>(gln: string, answer: (validator: Validator) => T): Promise<T> => {
    const asked = await life.later(random.between([0.5, 5]), () => reach(gln));
    if (!asked) return life.later(PATIENCE_MS, () => raise(gln));
    const value = answer(asked);
    return life.later(random.between([0.5, 5]), () => value);
  };
  return {
    runs: (gln, fromHeight) => ask(gln, (validator) => answerRuns(validator.running(), fromHeight)),
    block: (gln, hash) => ask(gln, (validator) => answerBlock(validator.running(), hash)),
    certificates: (gln, epoch, fromView) =>
      ask(gln, (validator) => {
        const answer = answerCertificates(validator.running(), validator.network, epoch, fromView);
        onCertificates(gln, answer);
        return answer;
      }),
  };
}

function raise(gln: string): never {
  throw new Error(`${gln} does not answer`);
}
