import type { Json } from './json.js';
import { reject } from './malformed.js';
import { booleanOf, integerOf, listOf, objectOf, own, pointerStep, textOf, wordOf } from './members.js';

/**
 * A reader of one untrusted object that records which members were read. {@link Fields.end} refuses the others, so that
 * a misspelled name is not taken for an absent field. Each method rejects with a JSON pointer: run it inside `attempt`.
 */
export interface Fields {
  /** Returns whether the member is present, and counts it as read. */
  has(name: string): boolean;
  /** Returns the member unchecked, or undefined, and counts it as read. */
  take(name: string): Json | undefined;
  text(name: string, maxLength: number): string;
  integer(name: string, from: number): number;
  boolean(name: string): boolean;
  oneOf<T extends string>(name: string, words: readonly T[]): T;
  object(name: string): Fields;
  /** Reads each item with its JSON pointer. An absent member is an empty list. @throws MalformedError TOO_LONG */
  list<T>(name: string, maxItems: number, read: (item: Json, at: string) => T): readonly T[];
  /**
   * Returns name, value and pointer of each member of an object, in the order of the document. An absent member has
   * none.
   * @throws MalformedError TOO_LONG
   */
  members(name: string, maxMembers: number): readonly (readonly [string, Json, string])[];
  /** Returns the JSON pointer of a member. */
  at(name: string): string;
  /** Requires that each member was read. @throws MalformedError FIELD_UNKNOWN */
  end(): void;
}

/** Returns a reader of the object at the JSON pointer `at`. @throws MalformedError OBJECT_EXPECTED */
export function fields(value: Json | undefined, at: string): Fields {
  const object = objectOf(value, at);
  const asked = new Set<string>();
  const pointer = (name: string): string => at + pointerStep(name);
  const take = (name: string): Json | undefined => {
    asked.add(name);
    return own(object, name);
  };
  return {
    has: (name) => take(name) !== undefined,
    take,
    text: (name, maxLength) => textOf(take(name), pointer(name), maxLength),
    integer: (name, from) => integerOf(take(name), pointer(name), from),
    boolean: (name) => booleanOf(take(name), pointer(name)),
    oneOf: (name, words) => wordOf(take(name), pointer(name), words),
    object: (name) => fields(take(name), pointer(name)),
    list: (name, maxItems, read) =>
      listOf(take(name) ?? [], pointer(name), maxItems).map((item, i) => read(item, `${pointer(name)}/${i}`)),
    members: (name, maxMembers) => membersOf(take(name) ?? {}, pointer(name), maxMembers),
    at: pointer,
    end() {
      for (const name of Object.keys(object)) {
        if (!asked.has(name)) reject('FIELD_UNKNOWN', pointer(name), 'leave it out');
      }
    },
  };
}

function membersOf(value: Json, at: string, maxMembers: number): readonly (readonly [string, Json, string])[] {
  const object = objectOf(value, at);
  const names = Object.keys(object);
  if (names.length > maxMembers) reject('TOO_LONG', at, `at most ${maxMembers} members`);
  return names.map((name) => [name, object[name]!, at + pointerStep(name)]);
}
