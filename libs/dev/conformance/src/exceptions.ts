/** A case that we judge otherwise than its suite, for a reason. */
export interface Exception {
  readonly subject: 'core' | 'server';
  /** File of the case, or its end; absent = any. */
  readonly file?: string;
  /** Code of our refusal; absent = any. */
  readonly code?: string;
  readonly why: string;
}

/** The one list. What is wrong and not in it is a bug. */
const EXCEPTIONS: readonly Exception[] = [
  {
    subject: 'core',
    code: 'AI_UNASSIGNED',
    why: 'an Application Identifier that GS1 has not assigned is refused: we have no option to let it pass',
  },
  {
    subject: 'server',
    code: 'NOT_YET',
    why: 'a row of the law that is not in force is told by its number, and never recorded in silence',
  },
  ...['LOCATION_NOT_YOURS', 'UNKNOWN_CONTAINER', 'NOT_POSSESSOR', 'PREFIX_NOT_OWNED', 'GTIN_NOT_OWNED'].map(
    (code): Exception => ({
      subject: 'server',
      code,
      why: 'S1: the goods of the example bear a prefix of a member of that network, and the law judges who tells of them',
    }),
  ),
  {
    subject: 'server',
    code: 'TOO_LARGE',
    why: 'L5: one transaction of the chain has a limit; the header of the answer names it',
  },
];

export function exceptionFor(
  subject: Exception['subject'],
  file: string,
  code: string | undefined,
): Exception | undefined {
  return EXCEPTIONS.find(
    (exception) =>
      exception.subject === subject &&
      (exception.file === undefined || file.endsWith(exception.file)) &&
      (exception.code === undefined || exception.code === code),
  );
}
