import { REFUSALS } from '@custos/core-execution';
import { statusOf } from './problem.js';
import type { ProblemCase, Route, RouteAccess } from './route.js';

/** Returns the case of a refusal: HTTP status, codes (empty for any code of a parser), and the condition in words. */
export const problemCase = (status: number, codes: readonly string[], when: string): ProblemCase => ({
  status,
  codes,
  when,
});

const ALWAYS = [
  problemCase(400, [], 'something sent cannot be read: `field` says where, `fix` what to send there'),
  problemCase(429, ['TOO_MANY_REQUESTS'], 'too many requests by one token or address'),
  problemCase(500, ['INTERNAL'], 'a bug on our side; what it is stands in the log of the service'),
];
const LONG_PARAMETER = problemCase(414, ['URI_TOO_LONG'], 'a path parameter of more than 512 characters');
const WITH_BODY = [
  problemCase(413, ['BODY_TOO_LARGE', 'TOO_LARGE'], 'the body, or what it becomes, is over a limit'),
  problemCase(415, ['MEDIA_TYPE_UNKNOWN'], 'the body is no JSON'),
];
const NO_TOKEN = problemCase(401, ['UNAUTHENTICATED'], 'no token, or none that is known here');
const NO_SIGNATURE = problemCase(401, ['UNAUTHENTICATED'], 'no request that a member signed within a minute');
const NO_ACCESS = problemCase(403, ['ACCESS_MISSING'], 'the token may only read');
const NOT_WATCHING = problemCase(404, ['NOT_FOUND'], 'anywhere but at the watch address of the service');

/** The refusal of a route that reads rows of final blocks. */
export const NEEDS_ROWS = problemCase(503, ['AWAY'], 'Postgres is away, or no block is read yet: `away` names it');
/** The refusals of a route that asks its validator for state leaves with proof. */
export const NEEDS_PROOF = [
  problemCase(503, ['AWAY', 'MOVING'], 'the validator is away, or the unit moved while it was proven'),
  problemCase(502, ['PROOF_WRONG'], "the validator's proof does not hold"),
];
/** The refusals of a route that accepts a transaction for later delivery. */
export const PROMISES = [
  problemCase(503, ['AWAY'], 'Postgres is away, the outbox is full or no block is read yet: `away` names it'),
  problemCase(422, ['IDEMPOTENCY_KEY_REUSED'], 'the Idempotency-Key was used for another body'),
];
/** The refusal of a route whose input names parties, places and products. */
export const NAMES = problemCase(
  422,
  ['PERSONAL_DATA', 'EVENT_IN_FUTURE', 'PARTY_UNKNOWN', 'LOCATION_UNKNOWN', 'GTIN_UNKNOWN'],
  'it names a person, a time to come, or what nobody registered: nothing was signed',
);

/** The refusals of the law, grouped by the HTTP status of their class. Their receipts stand on the chain. */
export const LAW: readonly ProblemCase[] = lawCases();

function lawCases(): readonly ProblemCase[] {
  const byStatus = new Map<number, string[]>();
  for (const [code, row] of Object.entries(REFUSALS)) {
    const status = statusOf(row.class);
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return [...byStatus].map(([status, codes]) =>
    problemCase(status, codes.sort(), 'the law refuses: `facts` say why, `receipt` stands on the chain'),
  );
}

/** The refusals of a route before its body is read, by the access that it requires. */
const DOOR: Readonly<Record<RouteAccess, readonly ProblemCase[]>> = {
  public: [],
  open: [],
  read: [NO_TOKEN],
  operate: [NO_TOKEN, NO_ACCESS],
  member: [NO_SIGNATURE],
  'member or watch': [NO_SIGNATURE],
  watch: [NOT_WATCHING],
};

/** Returns all refusals of a route: those that follow from its contract, then its own. */
export function problemsOf({ access, params, method, problems = [] }: Route): readonly ProblemCase[] {
  return [
    ...ALWAYS,
    ...DOOR[access],
    ...(params ? [LONG_PARAMETER] : []),
    ...(method === 'POST' ? WITH_BODY : []),
    ...problems,
  ];
}
