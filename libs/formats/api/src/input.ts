import { malformed, parsed, pointerStep, type Malformed, type Parsed } from '@custos/core-bytes';
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Step = PropertyKey;

/** A schema of a body or a query. */
export type InputSchema = z.ZodType;
/** The value that a schema returns, with defaults filled in. */
export type InputOf<Schema extends InputSchema> = z.output<Schema>;

/** The origin of the input. A place in a body is a JSON pointer, a place in a query is the name of a parameter. */
export type InputPlace = 'body' | 'query';

/** Parses the input of a route. A refusal names the first field that is wrong and what to send there. Never throws. */
export function parseInput<Schema extends InputSchema>(
  schema: Schema,
  input: unknown,
  place: InputPlace = 'body',
): Parsed<InputOf<Schema>> {
  const result = schema.safeParse(input);
  if (result.success) return parsed(result.data);
  const issue = result.error.issues[0]!;
  const { code, fix, at = [] } = faultOf(issue, input);
  return malformed(code, fieldOf([...issue.path, ...at], place), fix);
}

type Fault = Pick<Malformed, 'code' | 'fix'> & { readonly at?: readonly Step[] };

function faultOf(issue: Issue, input: unknown): Fault {
  switch (issue.code) {
    case 'custom':
      return customFault(issue);
    case 'unrecognized_keys':
      return { code: 'FIELD_UNKNOWN', fix: 'leave it out', at: issue.keys.slice(0, 1) };
    case 'invalid_type': {
      const fix = `send ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
      const missing = issue.path.length > 0 && valueAt(input, issue.path) === undefined;
      return { code: missing ? 'FIELD_MISSING' : 'TYPE_WRONG', fix };
    }
    case 'invalid_value': {
      const missing = valueAt(input, issue.path) === undefined;
      return { code: missing ? 'FIELD_MISSING' : 'WORD_UNKNOWN', fix: `send one of ${issue.values.join(', ')}` };
    }
    case 'too_big':
      return { code: 'TOO_MUCH', fix: `send at most ${issue.maximum}${unitOf(issue.origin)}` };
    case 'too_small':
      return { code: 'TOO_LITTLE', fix: `send at least ${issue.minimum}${unitOf(issue.origin)}` };
    default:
      return { code: 'FIELD_INVALID', fix: issue.message };
  }
}

/** Returns the code and the fix that a parser of the core reported. */
function customFault({ params, message }: { readonly params?: Record<string, unknown>; readonly message: string }) {
  const { code = 'FIELD_INVALID', fix = message } = params ?? {};
  return { code: String(code), fix: String(fix) };
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}

function valueAt(input: unknown, path: readonly Step[]): unknown {
  return path.reduce<unknown>(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Record<Step, unknown>)[step] : undefined),
    input,
  );
}

/** Returns the place as a JSON pointer (RFC 6901), or as the parameter's name for a query. */
function fieldOf(path: readonly Step[], place: InputPlace): string {
  if (place === 'query') return String(path[0] ?? '');
  return path.map((step) => pointerStep(String(step))).join('');
}
