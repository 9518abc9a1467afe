import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson, type Json, type Parsed } from '@custos/core-bytes';

/** What must come out of a file. */
export interface Expectation {
  readonly outcome?: string;
  readonly valid?: boolean;
  /** JSON pointers, each perhaps with a remark behind a blank. */
  readonly at?: readonly string[];
  readonly bad_events?: readonly number[];
  /** File of hashes beside the case, one a line. */
  readonly hashes?: string;
}

export interface Entry {
  readonly file: string;
  readonly suite: string;
  /** What to do with it; absent: it only belongs to a case. */
  readonly do?: string;
  readonly expect?: Expectation;
}

/** A folder of other people's cases: files, and an `index.json` that says what each is for. */
export interface Corpus {
  readonly entries: readonly Entry[];
  text(file: string): string;
  json(file: string): Parsed<Json>;
}

export function hasCorpus(folder: string): boolean {
  return existsSync(join(folder, 'index.json'));
}

/** Throws when there is no index, or none that is a list. */
export function openCorpus(folder: string): Corpus {
  const bytes = (file: string): Uint8Array => new Uint8Array(readFileSync(join(folder, file)));
  const index = parseJson(bytes('index.json'));
  if (!index.ok || !Array.isArray(index.value)) throw new Error(`${folder}/index.json is no list of cases`);
  return {
    entries: index.value as readonly unknown[] as readonly Entry[],
    text: (file) => new TextDecoder().decode(bytes(file)),
    json: (file) => parseJson(bytes(file)),
  };
}

/** Cases of a suite, in the order of the index. */
export function entriesOf({ entries }: Corpus, suite: string): readonly Entry[] {
  return entries.filter((entry) => entry.suite === suite && entry.do !== undefined);
}

/** May the case be accepted, may it be refused? Some may be either. */
export function allowed({ outcome, valid }: Expectation = {}): { readonly accept: boolean; readonly refuse: boolean } {
  if (valid !== undefined) return { accept: valid, refuse: !valid };
  switch (outcome) {
    case 'accept':
      return { accept: true, refuse: false };
    case 'reject':
      return { accept: false, refuse: true };
    default:
      return { accept: true, refuse: true };
  }
}

/** Is one of the places where the index sees a fault this one? */
export function namesPlace(places: readonly string[] | undefined, field: string): boolean {
  return places === undefined || places.some((place) => place.split(' ')[0] === field);
}
