import { attempt, isJsonObject, reject, type Json, type JsonObject, type Parsed } from '@custos/core-bytes';
import { foldAscii, isUri } from '@custos/core-gs1';
import { CUSTOS_NAMESPACE, type Context } from '../events.js';
import { GS1_VOC } from './words.js';

/** The address of the ratified JSON-LD context, which defines the names of the standard. */
export const EPCIS_CONTEXT = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

/** The namespace of instance and lot master data, such as lot and expiry (CBV 2.0, 10.2), as the context spells it. */
const MDA_NAMESPACE = 'urn:epcglobal:cbv:mda:';
/** Both spellings of {@link MDA_NAMESPACE} that occur in documents. */
export const MDA_NAMESPACES: readonly string[] = [MDA_NAMESPACE, 'urn:epcglobal:cbv:mda'];

/** The largest number of prefixes of a context, which bounds its cost; usual documents declare fewer than ten. */
const MAX_PREFIXES = 100;

// The prefixes of the standard context, which no reader may fetch (absence 1).
const STANDARD: readonly (readonly [string, string])[] = [
  ['epcis', 'https://ref.gs1.org/epcis/'],
  ['cbv', 'https://ref.gs1.org/cbv/'],
  ['cbvmda', MDA_NAMESPACE],
  ['gs1', GS1_VOC],
  ['rdfs', 'http://www.w3.org/2000/01/rdf-schema#'],
  ['owl', 'http://www.w3.org/2002/07/owl#'],
  ['xsd', 'http://www.w3.org/2001/XMLSchema#'],
  ['dcterms', 'http://purl.org/dc/terms/'],
];
// A redefinition of these would give an event another meaning for a reader of JSON-LD.
const PROTECTED: ReadonlySet<string> = new Set(['epcis', 'cbv', 'cbvmda']);
// S1: a redefined scheme would give another meaning to every code of an event.
const SCHEMES: ReadonlySet<string> = new Set(['urn', 'http', 'https']);

/** The prefixes that the standard context declares. */
export const STANDARD_CONTEXT: Context = { prefixes: new Map(STANDARD) };

/** The context of events that Custos writes. */
export const CUSTOS_CONTEXT: Json = [EPCIS_CONTEXT, { custos: CUSTOS_NAMESPACE }];

/**
 * Parses the prefixes of an `@context`: a URL, an object of prefixes, or a list of both, in which later declarations
 * override earlier ones. Definitions of single terms are skipped, because an extension needs a prefix. `outer` is the
 * context of the document, for an event inside it. Refuses MALFORMED_EVENT.
 */
export function parseContext(json: Json | undefined, at = '/@context', outer = STANDARD_CONTEXT): Parsed<Context> {
  if (json === undefined) return { ok: true, value: outer };
  return attempt(() => {
    const prefixes = new Map(outer.prefixes);
    const items = Array.isArray(json) ? (json as readonly Json[]) : [json];
    items.forEach((item, i) => addPrefixes(prefixes, item, Array.isArray(json) ? `${at}/${i}` : at));
    return { prefixes };
  });
}

function addPrefixes(prefixes: Map<string, string>, item: Json, at: string): void {
  if (typeof item === 'string') {
    if (!isUri(item)) reject('MALFORMED_EVENT', at, 'send the address of a JSON-LD context');
    return;
  }
  if (!isJsonObject(item)) return reject('MALFORMED_EVENT', at, 'send an address or an object of prefixes');
  for (const prefix of inOrder(item)) {
    const id = idOf(item[prefix]);
    if (prefix.startsWith('@') || prefix.includes(':') || typeof id !== 'string') continue;
    const namespace = expandUri({ prefixes }, id);
    if (PROTECTED.has(prefix) && !sameNamespace(prefixes.get(prefix)!, namespace)) {
      reject('MALFORMED_EVENT', `${at}/${prefix}`, `leave ${prefix} as the standard defines it`);
    }
    if (SCHEMES.has(foldAscii(prefix)))
      reject('MALFORMED_EVENT', `${at}/${prefix}`, 'choose a prefix that is no scheme');
    // A single term (`"id": "@id"`) or no definition: the name is not declared as a prefix.
    if (!isUri(namespace)) continue;
    if (prefixes.size >= MAX_PREFIXES) reject('MALFORMED_EVENT', at, `declare at most ${MAX_PREFIXES} prefixes`);
    prefixes.set(prefix, canonicalNamespace(namespace));
  }
}

function idOf(definition: Json | undefined): Json | undefined {
  return isJsonObject(definition) ? definition['@id'] : definition;
}

/**
 * Returns the names of an object of prefixes, each after the prefix that its own namespace uses: members of JSON have
 * no order.
 */
function inOrder(item: JsonObject): readonly string[] {
  const seen = new Set<string>();
  return Object.keys(item).flatMap((name) => {
    const chain: string[] = [];
    let next = name;
    while (Object.hasOwn(item, next) && !seen.has(next)) {
      seen.add(next);
      chain.push(next);
      const id = idOf(item[next]);
      next = typeof id === 'string' ? id.slice(0, Math.max(id.indexOf(':'), 0)) : '';
    }
    return chain.reverse();
  });
}

/** Expands `prefix:rest` with a declared prefix into a URI; returns any other text unchanged. */
export function expandUri({ prefixes }: Context, id: string): string {
  const colon = id.indexOf(':');
  const space = colon > 0 && !id.startsWith('//', colon + 1) ? prefixes.get(id.slice(0, colon)) : undefined;
  return space === undefined ? id : space + id.slice(colon + 1);
}

function sameNamespace(a: string, b: string): boolean {
  return a === b || a === `${b}:`;
}

// The namespace of Custos is recognised with and without a final mark.
function canonicalNamespace(namespace: string): string {
  if (!namespace.startsWith(CUSTOS_NAMESPACE)) return namespace;
  const end = namespace.slice(CUSTOS_NAMESPACE.length);
  return end === ':' || end === '#' || end === '/' ? CUSTOS_NAMESPACE : namespace;
}

/**
 * Returns `{namespace}localName` of an extension: `prefix:localName` with a declared prefix, or a full URI. Returns
 * undefined for any other name.
 */
export function expandName(context: Context, name: string): string | undefined {
  const colon = name.indexOf(':');
  if (colon < 1 || colon === name.length - 1) return undefined;
  const namespace = context.prefixes.get(name.slice(0, colon));
  if (namespace !== undefined && !name.startsWith('//', colon + 1)) return `{${namespace}}${name.slice(colon + 1)}`;
  return isFullUri(name, colon) ? splitUri(name) : undefined;
}

function isFullUri(name: string, colon: number): boolean {
  return (name.startsWith('//', colon + 1) || name.startsWith('urn:')) && isUri(name);
}

function splitUri(uri: string): string | undefined {
  if (uri.startsWith(CUSTOS_NAMESPACE)) {
    const rest = uri.slice(CUSTOS_NAMESPACE.length);
    const local = ':#/'.includes(rest[0] ?? ' ') ? rest.slice(1) : rest;
    return local === '' ? undefined : `{${CUSTOS_NAMESPACE}}${local}`;
  }
  const end = Math.max(uri.lastIndexOf('/'), uri.lastIndexOf('#'), uri.startsWith('urn:') ? uri.lastIndexOf(':') : -1);
  return end === uri.length - 1 ? undefined : `{${canonicalNamespace(uri.slice(0, end + 1))}}${uri.slice(end + 1)}`;
}

/**
 * Returns a value in which prefixed names are written as `{namespace}localName`. Names without a declared prefix stay
 * unchanged.
 */
export function expandValue(context: Context, value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => expandValue(context, item));
  if (!isJsonObject(value)) return value;
  // fromEntries defines own members, so __proto__ is an ordinary name.
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [expandName(context, name) ?? name, expandValue(context, member!)]),
  );
}
