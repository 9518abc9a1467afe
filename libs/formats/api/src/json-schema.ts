import type { Json, JsonObject } from '@custos/core-bytes';
import { z } from 'zod';

/** The JSON schemas of one document. A named schema stands once under `components`; every use refers to it. */
export interface SchemaBook {
  of(schema: z.ZodType): JsonObject;
  readonly components: JsonObject;
}

const LOCAL = '#/$defs/';
const SHARED = '#/components/schemas/';

/** Returns an empty book that writes JSON Schema 2020-12, as OpenAPI 3.1 requires, of the input side of zod schemas. */
export function schemaBook(): SchemaBook {
  const components: Record<string, Json> = {};
  const known = new Map<z.ZodType, JsonObject>();
  return {
    components,
    of(schema) {
      const before = known.get(schema);
      if (before) return before;
      const { $defs = {}, ...own } = z.toJSONSchema(schema, {
        io: 'input',
        unrepresentable: 'any',
        override: plain,
      }) as JsonObject & { readonly $defs?: JsonObject };
      for (const [name, named] of Object.entries($defs)) components[name] = pointed(named!);
      const written = pointed({ ...own, $schema: undefined }) as JsonObject;
      known.set(schema, written);
      return written;
    },
  };
}

/** Removes what adds nothing: the alternatives of any JSON, the pattern of a date-time, the largest safe integer. */
function plain({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: z.core.JSONSchema.BaseSchema }) {
  if (zodSchema._zod.def.type === 'lazy') delete jsonSchema.anyOf;
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

function pointed(json: Json): Json {
  if (Array.isArray(json)) return json.map((item: Json) => pointed(item));
  if (json === null || typeof json !== 'object') return json;
  return Object.fromEntries(
    Object.entries(json).flatMap(([name, value]) => {
      if (value === undefined) return [];
      return [[name, name === '$ref' ? String(value).replace(LOCAL, SHARED) : pointed(value)]];
    }),
  );
}
