import { malformedProblem } from '@custos/shell-process';
import type { z } from 'zod';

/** What a parser of the core said, or what the schema did: the first place that is wrong. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const params =
    'params' in issue ? (issue.params as { readonly code?: string; readonly fix?: string } | undefined) : undefined;
  throw malformedProblem({
    code: params?.code ?? 'FIELD_INVALID',
    field: issue.path.map((step) => `/${String(step)}`).join(''),
    fix: params?.fix ?? issue.message,
  });
}
