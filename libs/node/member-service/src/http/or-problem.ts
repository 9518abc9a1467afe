import { unreachable } from '@custos/core-bytes';
import type { Answer, NoAnswer } from '@custos/node-epcis-repository';
import { away, malformedProblem, Problem } from '@custos/shell-process';

/** Returns the value of an answer. @throws Problem when there is none */
export async function orProblem<T>(answer: Promise<Answer<T>>): Promise<T> {
  const known = await answer;
  if (known.ok) return known.value;
  throw problemOf(known.no);
}

function problemOf(no: NoAnswer): Problem {
  switch (no.kind) {
    case 'malformed':
      return malformedProblem(no.malformed);
    case 'unknown':
      return unknown(no.what);
    case 'hidden':
      return forbidden(
        'NOT_VISIBLE',
        'This is not for the party of this token to see',
        'ask with the token of a party that may see it',
      );
    case 'stranger':
      return forbidden(
        'PARTY_UNKNOWN',
        "The token's party is not of this network",
        'register the party, or send the token of one that is',
      );
    case 'away':
      return away(no.what);
    case 'moving':
      return new Problem(
        { status: 503, code: 'MOVING', title: 'The unit moves while it is proven' },
        { 'retry-after': '1' },
      );
    case 'unproven':
      return new Problem({ status: 502, code: 'PROOF_WRONG', title: "The validator's proof does not hold" });
    default:
      return unreachable(no);
  }
}

const UNKNOWN = {
  unit: { code: 'UNKNOWN_UNIT', title: 'No such unit was ever commissioned', field: 'code' },
  'events of a unit': { code: 'UNKNOWN_UNIT', title: 'No event names such a unit', field: 'code' },
  lot: { code: 'UNKNOWN_LOT', title: 'No such lot was made or recalled', field: 'lgtin' },
} as const;

function unknown(what: keyof typeof UNKNOWN): Problem {
  const fix = 'check the code; of a counterfeit, tell the owner of the product';
  return new Problem({ status: 404, ...UNKNOWN[what], fix });
}

function forbidden(code: string, title: string, fix: string): Problem {
  return new Problem({ status: 403, code, title, field: 'Authorization', fix });
}
