import { isJsonObject, reject, type Json, type JsonObject } from '@custos/core-bytes';

/**
 * Reads the members of an object from a stranger. Every refusal carries a JSON pointer; members that no one
 * asked for are refused at {@link Fields.end}, so that a typo never passes for an absent field.
 * Rejects: run it inside `attempt`.
 */
export interface Fields {
  has(name: string): boolean;
  take(name: string): Json | undefined;
  text(name: string, limit: number): string;
  integer(name: string, from: number): number;
  boolean(name: string): boolean;
  oneOf<T extends string>(name: string, words: readonly T[]): T;
  object(name: string): Fields;
  /** Absent = empty. `item` gets each member and its pointer. */
  list<T>(name: string, limit: number, item: (value: Json, at: string) => T): readonly T[];
  /** Own members in the document's order; absent = none. */
  members(name: string, limit: number): readonly (readonly [string, Json, string])[];
  at(name: string): string;
  end(): void;
}

export function fields(value: Json | undefined, at: string): Fields {
  if (!isJsonObject(value)) return reject('OBJECT_EXPECTED', at, 'send an object');
  const asked = new Set<string>();
  const pointer = (name: string): string => `${at}/${pointerToken(name)}`;
  const take = (name: string): Json | undefined => {
    asked.add(name);
    return own(value, name);
  };
  return {
    has: (name) => take(name) !== undefined,
    take,
    text: (name, limit) => textOf(take(name), pointer(name), limit),
    integer: (name, from) => integerOf(take(name), pointer(name), from),
    boolean(name) {
      const member = take(name);
      return typeof member === 'boolean' ? member : reject('BOOLEAN_EXPECTED', pointer(name), 'send true or false');
    },
    oneOf: (name, words) => wordOf(take(name), pointer(name), words),
    object: (name) => fields(take(name), pointer(name)),
    list: (name, limit, item) => listOf(take(name), pointer(name), limit, item),
    members: (name, limit) => membersOf(take(name), pointer(name), limit),
    at: pointer,
    end() {
      for (const name of Object.keys(value)) {
        if (!asked.has(name)) reject('FIELD_UNKNOWN', pointer(name), 'leave it out');
      }
    },
  };
}

// Own members only: inherited names such as `constructor` are no fields.
function own(value: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

// RFC 6901.
function pointerToken(name: string): string {
  return name.split('~').join('~0').split('/').join('~1');
}

export function textOf(value: Json | undefined, at: string, limit: number): string {
  if (typeof value !== 'string' || value.length === 0) return reject('TEXT_EXPECTED', at, 'send a text');
  if (value.length > limit) reject('TOO_LONG', at, `at most ${limit} characters`);
  return value;
}

export function integerOf(value: Json | undefined, at: string, from: number): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= from) return value;
  return reject('INTEGER_EXPECTED', at, `send a whole number from ${from} to 2^53 - 1`);
}

export function wordOf<T extends string>(value: Json | undefined, at: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value);
  return word ?? reject('WORD_UNKNOWN', at, `one of ${words.join(', ')}`);
}

function listOf<T>(
  value: Json | undefined,
  at: string,
  limit: number,
  item: (value: Json, at: string) => T,
): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return reject('LIST_EXPECTED', at, 'send a list');
  if (value.length > limit) reject('TOO_LONG', at, `at most ${limit} members`);
  return value.map((member: Json, i) => item(member, `${at}/${i}`));
}

function membersOf(value: Json | undefined, at: string, limit: number): readonly (readonly [string, Json, string])[] {
  if (value === undefined) return [];
  if (!isJsonObject(value)) return reject('OBJECT_EXPECTED', at, 'send an object');
  const names = Object.keys(value);
  if (names.length > limit) reject('TOO_LONG', at, `at most ${limit} members`);
  return names.map((name) => [name, value[name]!, `${at}/${pointerToken(name)}`]);
}
