import type { Json, JsonObject } from '@custos/core-bytes';
import { z } from 'zod';
import type { RouteExample } from './examples/example.js';
import { schemaBook, type SchemaBook } from './json-schema.js';
import { problemsOf } from './problem-cases.js';
import { problem, PROBLEM_MEDIA_TYPE } from './problem.js';
import type { Route, RouteAccess } from './route.js';

/** The parts from which the OpenAPI document of a service is generated. */
export interface DocumentParts {
  readonly title: string;
  readonly description: string;
  readonly routes: readonly Route[];
  /** Examples of any routes; those of routes that are not in `routes` are ignored. */
  readonly examples: readonly RouteExample[];
}

const ALL_SERVICES = `

Every error is \`application/problem+json\` (RFC 9457) with \`code\`; where something sent is wrong also with \`field\`
and \`fix\`. Counted answers carry \`RateLimit-Limit\`, \`RateLimit-Remaining\` and \`RateLimit-Reset\`. In an example, a
text that ends with \`…\` is cut there.`;

/** Returns the OpenAPI 3.1 document of a service, generated from its route contracts and examples alone. */
export function openApiDocument({ title, description, routes, examples }: DocumentParts): JsonObject {
  const book = schemaBook();
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const own = examples.filter((example) => example.route === route.name);
    (paths[route.path.replace('*}', '}')] ??= {})[route.method.toLowerCase()] = operationOf(route, own, book);
  }
  return {
    openapi: '3.1.1',
    info: {
      title,
      version: '1.0.0',
      description: description + ALL_SERVICES,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: book.components, securitySchemes: schemesOf(routes) },
  };
}

const BEARER: JsonObject = { type: 'http', scheme: 'bearer', description: 'A token of this service (RFC 6750).' };
const inHeader = (name: string, description: string): JsonObject => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
});
const MEMBER: JsonObject = {
  memberKey: inHeader('custos-key', 'Id of the key that signs, of a validator or a party'),
  memberTime: inHeader('custos-time', 'Milliseconds since 1970, at most a minute off'),
  memberSignature: inHeader('custos-signature', 'Over method, path with query, time and network (formats/peers)'),
};

function schemesOf(routes: readonly Route[]): JsonObject {
  const has = (...access: readonly RouteAccess[]) => routes.some((route) => access.includes(route.access));
  return { ...(has('read', 'operate') && { bearer: BEARER }), ...(has('member', 'member or watch') && MEMBER) };
}

function securityOf(access: RouteAccess): readonly JsonObject[] {
  switch (access) {
    case 'public':
    case 'open':
    case 'watch':
      return [];
    case 'member':
    case 'member or watch':
      return [{ memberKey: [], memberTime: [], memberSignature: [] }];
    default:
      return [{ bearer: [] }];
  }
}

const DESCRIPTIONS: Readonly<Partial<Record<RouteAccess, string>>> = {
  operate: 'Needs a token that may operate, not only read.',
  watch: 'Served only at the watch address of the service (`CUSTOS_WATCH_HOST`, `CUSTOS_WATCH_PORT`).',
  'member or watch':
    'Needs no signature at the watch address of the service (`CUSTOS_WATCH_HOST`, `CUSTOS_WATCH_PORT`).',
};

function operationOf(route: Route, examples: readonly RouteExample[], book: SchemaBook): JsonObject {
  const { name, summary, access, method, input, bodyMedia = ['application/json'] } = route;
  const [first, ...others] = bodyMedia;
  const schema = book.of(input);
  const content = {
    [first]: { schema, examples: shown(examples, ({ body }) => body) },
    ...Object.fromEntries(others.map((type) => [type, { schema }])),
  };
  return {
    operationId: name,
    summary,
    ...(DESCRIPTIONS[access] !== undefined && { description: DESCRIPTIONS[access] }),
    security: securityOf(access),
    parameters: parametersOf(route, examples, book),
    ...(method === 'POST' && { requestBody: { required: true, content } }),
    responses: responsesOf(route, examples, book),
  };
}

function parametersOf(route: Route, examples: readonly RouteExample[], book: SchemaBook): readonly JsonObject[] {
  const { params = {}, headers = {}, method, input } = route;
  const query = method === 'GET' && input instanceof z.ZodObject ? (input.shape as Record<string, z.ZodType>) : {};
  const parameter = (place: 'path' | 'query' | 'header', name: string, schema: z.ZodType): JsonObject => {
    const { description, ...rest } = book.of(schema);
    const values = shown(examples, (example) => example[PLACES[place]]?.[name]);
    return {
      name,
      in: place,
      required: place === 'path' || !z.safeParse(schema, undefined).success,
      ...(description !== undefined && { description }),
      schema: rest,
      ...(Object.keys(values).length > 0 && { examples: values }),
    };
  };
  return [
    ...Object.entries(params).map(([name, schema]) => parameter('path', name, schema)),
    ...Object.entries(query).map(([name, schema]) => parameter('query', name, schema)),
    ...Object.entries(headers).map(([name, schema]) => parameter('header', name, schema)),
  ];
}

const PLACES = { path: 'params', query: 'query', header: 'headers' } as const;

/** Returns the examples that have this part, by name. */
function shown(examples: readonly RouteExample[], part: (example: RouteExample) => Json | undefined): JsonObject {
  return Object.fromEntries(
    examples.flatMap((example) => {
      const value = part(example);
      return value === undefined ? [] : [[example.name, { summary: example.summary, value }]];
    }),
  );
}

function responsesOf(route: Route, examples: readonly RouteExample[], book: SchemaBook): JsonObject {
  const { success, output, pending, told = {}, media = 'application/json', summary } = route;
  const at = (status: number) => examples.filter((one) => one.status === status);
  const bodies = (status: number) => shown(at(status), ({ answer }) => answer);
  const answered = (status: number, schema: z.ZodType, headers: Readonly<Record<string, string>>): JsonObject => ({
    headers: headersOf(headers, at(status)),
    ...(!(schema instanceof z.ZodVoid) && {
      content: { [media]: { schema: book.of(schema), examples: bodies(status) } },
    }),
  });
  const late = 'Signed and kept, but not final within the wait: ask again at Location.';
  return {
    [success]: { description: summary, ...answered(success, output, told) },
    ...(pending && { 202: { description: late, ...answered(202, pending, { Location: 'the job' }) } }),
    ...refusalsOf(route, bodies, book),
  };
}

function headersOf(told: Readonly<Record<string, string>>, examples: readonly RouteExample[]): JsonObject {
  const places = shown(examples, ({ location }) => location);
  const exampled = (name: string) => name === 'Location' && Object.keys(places).length > 0;
  return Object.fromEntries(
    Object.entries(told).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' }, ...(exampled(name) && { examples: places }) },
    ]),
  );
}

function refusalsOf(route: Route, at: (status: number) => JsonObject, book: SchemaBook): JsonObject {
  const cases = problemsOf(route);
  const statuses = [...new Set(cases.map(({ status }) => status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const own = cases.filter((one) => one.status === status);
      const codes = own.some((one) => one.codes.length === 0) ? [] : [...new Set(own.flatMap((one) => one.codes))];
      const base = book.of(problem);
      const schema = codes.length === 0 ? base : { allOf: [base, { properties: { code: { enum: codes } } }] };
      const whens = [...new Set(own.map(({ when }) => when))].join('; ');
      const wait = { description: 'seconds', schema: { type: 'integer' } };
      return [
        String(status),
        {
          description: whens,
          ...((status === 429 || status === 503) && { headers: { 'Retry-After': wait } }),
          content: { [PROBLEM_MEDIA_TYPE]: { schema, examples: at(status) } },
        },
      ];
    }),
  );
}
