import { join } from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '@custos/core-bytes';
import { Ajv, type ValidateFunction } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { faultsOf, type Fault } from './epcis-documents.js';
import { entriesOf, hasCorpus, openCorpus } from './corpus.js';

// GS1's JSON Schema of EPCIS 2.0.1 beside our parser: every document of the examples, changed in every place in every way
// that comes to mind. Whatever both see alike proves nothing more; where they differ there must be a reason.
const folder = join(__dirname, '../../../../../shared/data');
const present = hasCorpus(folder);

it('finds the schema, or says that it is not here', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

/** What we refuse and the schema takes, by the fault that we see. */
const STRICTER: readonly (readonly [why: string, fits: (fault: Fault['malformed']) => boolean])[] = [
  ['only documents and the five event types are known', ({ fix }) => isAboutTypes(fix)],
  ['a member without namespace that EPCIS does not have', ({ fix }) => fix.startsWith('leave it out')],
  ['a code of a pack, container, place or party is read, not only seen to be a URI', ({ fix }) => isAboutCodes(fix)],
  ['7.4.2: ilmd describes what an ADD makes', ({ field }) => field.endsWith('/ilmd')],
  ['7.4.3: packing and unpacking need their container', ({ field }) => field.endsWith('/parentID')],
  ['7.4.1.4: what did not occur is not corrected', ({ field }) => field.endsWith('/correctiveEventIDs')],
  ['9.3: a query has a name', ({ field }) => field.endsWith('/queryName')],
];
/** What the schema refuses and we take. */
const MORE_LENIENT: readonly (readonly [why: string, fits: (errors: string) => boolean])[] = [
  ['the same context twice says nothing more', (errors) => errors.includes('@context') && errors.includes('duplicate')],
  ['S4: a word of the CBV as URN or web address is that word', (errors) => errors.includes('must match pattern')],
];

function isAboutTypes(fix: string): boolean {
  return fix.startsWith('send one of ObjectEvent') || fix.startsWith('send an EPCISDocument');
}

function isAboutCodes(fix: string): boolean {
  return ['company prefix', 'digits', 'check digit', 'characters', 'character'].some((word) => fix.includes(word));
}

(present ? describe : describe.skip)('the JSON Schema of EPCIS 2.0.1', () => {
  const corpus = openCorpusOrNothing();
  const files = ['A1', 'A2', 'A3', 'A4', 'A5'].flatMap((suite) =>
    entriesOf(corpus, suite).flatMap(({ file, do: what }) => (what === 'query-definition' ? [] : [file])),
  );
  let validate: ValidateFunction;
  beforeAll(() => {
    const ajv = new Ajv({ strict: false, formats: fullFormats });
    validate = ajv.compile(jsonOf('epcis/schema/json/epcis-json-schema-2.0.1.json') as JsonObject);
  });

  it.each(files)('%s: seen alike in every change, or for a reason', (file) => {
    const document = jsonOf(file);
    const wrong: string[] = [];
    let seen = 0;
    for (const [what, changed] of changesOf(document)) {
      seen++;
      const valid = validate(changed) as boolean;
      const [fault] = faultsOf(changed);
      if (valid === (fault === undefined)) continue;
      const errors = JSON.stringify(validate.errors ?? []);
      const reason = fault
        ? STRICTER.some(([, fits]) => fits(fault.malformed))
        : MORE_LENIENT.some(([, fits]) => fits(errors));
      if (!reason) wrong.push(`${what}: ${fault ? JSON.stringify(fault.malformed) : `taken, but ${errors}`}`);
    }
    expect(wrong).toEqual([]);
    expect(seen).toBeGreaterThan(100);
  });

  function jsonOf(file: string): Json {
    const json = corpus.json(file);
    if (!json.ok) throw new Error(`${file}: ${json.malformed.code}`);
    return json.value;
  }
});

function openCorpusOrNothing(): ReturnType<typeof openCorpus> {
  if (present) return openCorpus(folder);
  return { entries: [], text: () => '', json: () => ({ ok: true, value: null }) };
}

const VALUES: readonly Json[] = [
  null,
  1,
  'word',
  '',
  {},
  [],
  true,
  'urn:x:y',
  'foo:bar',
  'https://example.com/a b',
  'urn:epcglobal:cbv:bizstep:shipping',
];
const NAMES: readonly string[] = ['unknown', 'foo:bar', 'urn:x:y', 'https://example.com/a#b', 'type', 'id'];

/** The document as it is; then each of its members and items left out, replaced, repeated, and joined by strangers. */
function* changesOf(document: Json): Generator<readonly [what: string, changed: Json]> {
  yield ['as it is', document];
  for (const path of pathsOf(document)) {
    const at = `/${path.join('/')}`;
    if (path.length > 0) {
      yield [`${at} left out`, changed(document, path, () => undefined)];
      for (const value of VALUES) yield [`${at} = ${JSON.stringify(value)}`, changed(document, path, () => value)];
    }
    yield* [`${at} repeated`]
      .map((what) => [what, changed(document, path, repeated)] as const)
      .filter(([, other]) => other !== document);
    for (const name of NAMES) {
      const other = changed(document, path, (value) =>
        isJsonObject(value) && !Object.hasOwn(value, name) ? { ...value, [name]: 'x' } : value,
      );
      if (other !== document) yield [`${at} with ${name}`, other];
    }
  }
}

function repeated(value: Json): Json {
  return Array.isArray(value) && value.length > 0
    ? [...(value as readonly Json[]), (value as readonly Json[])[0]!]
    : value;
}

function* pathsOf(value: Json, path: readonly string[] = []): Generator<readonly string[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* pathsOf(member as Json, [...path, name]);
}

/** A copy with one value changed, or left out; the same object when nothing changes. */
function changed(value: Json, [name, ...rest]: readonly string[], change: (value: Json) => Json | undefined): Json {
  if (name === undefined) return change(value) ?? null;
  const before = (value as JsonObject)[name]!;
  const after = rest.length === 0 ? change(before) : changed(before, rest, change);
  if (after === before) return value;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    return items.flatMap((item, i) => (String(i) !== name ? [item] : after === undefined ? [] : [after]));
  }
  const members = Object.entries(value as JsonObject).filter(([other]) => other !== name || after !== undefined);
  return Object.fromEntries(members.map(([other, member]) => [other, other === name ? after! : member!]));
}
