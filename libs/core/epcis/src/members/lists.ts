import { isJsonObject, listOf, objectOf, own, type Json } from '@custos/core-bytes';
import { parseIsoDate, parseLot } from '@custos/core-gs1';
import { MDA_NAMESPACES } from './context.js';
import type {
  BizTransaction,
  Context,
  Destination,
  ErrorDeclaration,
  Extensions,
  Ilmd,
  PersistentDisposition,
  Source,
} from '../events.js';
import { epcOf, extensionsOf, only, refuse, timeOf, uriOf, urisOf, wordIn } from './members.js';

const BIZ_TRANSACTION_NAMES = ['type', 'bizTransaction'] as const;
const SOURCE_NAMES = ['type', 'source'] as const;
const DESTINATION_NAMES = ['type', 'destination'] as const;
const DISPOSITION_NAMES = ['set', 'unset'] as const;
const ERROR_NAMES: ReadonlySet<string> = new Set(['declarationTime', 'reason', 'correctiveEventIDs']);

/** Parses a list of business transactions; `type` is a CBV word or a URI. @throws MalformedError MALFORMED_EVENT */
export function bizTransactionsOf(value: Json | undefined, context: Context, at: string): readonly BizTransaction[] {
  return listOf(value, at).map((item, i) => {
    const here = `${at}/${i}`;
    const object = objectOf(item, here);
    only(object, BIZ_TRANSACTION_NAMES, here);
    const bizTransaction = uriOf(own(object, 'bizTransaction'), `${here}/bizTransaction`);
    const type = own(object, 'type');
    return type === undefined
      ? { bizTransaction }
      : { type: wordIn('bizTransaction', type, context, `${here}/type`), bizTransaction };
  });
}

/** Parses a list of sources; `type` is a CBV word or a URI. @throws MalformedError MALFORMED_EVENT */
export function sourcesOf(value: Json | undefined, context: Context, at: string): readonly Source[] {
  return listOf(value, at).map((item, i) => {
    const here = `${at}/${i}`;
    const object = objectOf(item, here);
    only(object, SOURCE_NAMES, here);
    const type = wordIn('sourceOrDestination', own(object, 'type'), context, `${here}/type`);
    const { epc, identifier } = epcOf(own(object, 'source'), context, `${here}/source`);
    return { type, source: epc, identifier };
  });
}

/** Parses a list of destinations; `type` is a CBV word or a URI. @throws MalformedError MALFORMED_EVENT */
export function destinationsOf(value: Json | undefined, context: Context, at: string): readonly Destination[] {
  return listOf(value, at).map((item, i) => {
    const here = `${at}/${i}`;
    const object = objectOf(item, here);
    only(object, DESTINATION_NAMES, here);
    const type = wordIn('sourceOrDestination', own(object, 'type'), context, `${here}/type`);
    const { epc, identifier } = epcOf(own(object, 'destination'), context, `${here}/destination`);
    return { type, destination: epc, identifier };
  });
}

/**
 * Parses the dispositions to set and to unset, each at most once and at least one.
 * @throws MalformedError MALFORMED_EVENT
 */
export function persistentDispositionOf(value: Json | undefined, context: Context, at: string): PersistentDisposition {
  const object = objectOf(value, at);
  only(object, DISPOSITION_NAMES, at);
  const words = (name: 'set' | 'unset'): readonly string[] => {
    const list = own(object, name);
    if (list === undefined) return [];
    const items = listOf(list, `${at}/${name}`).map((item, i) =>
      wordIn('disposition', item, context, `${at}/${name}/${i}`),
    );
    if (items.length === 0) refuse(`${at}/${name}`, 'send at least one disposition');
    if (new Set(items).size < items.length) refuse(`${at}/${name}`, 'list each disposition once');
    return items;
  };
  const [set, unset] = [words('set'), words('unset')];
  if (set.length + unset.length === 0) refuse(at, 'send set or unset');
  return { set, unset };
}

/**
 * Parses an error declaration. An event that did not occur has no corrective events (EPCIS 2.0.1, 7.4.1.4).
 * @throws MalformedError MALFORMED_EVENT
 */
export function errorDeclarationOf(value: Json | undefined, context: Context, at: string): ErrorDeclaration {
  const object = objectOf(value, at);
  const declarationTime = timeOf(own(object, 'declarationTime'), `${at}/declarationTime`);
  const reason = own(object, 'reason');
  const word = reason === undefined ? undefined : wordIn('errorReason', reason, context, `${at}/reason`);
  const corrective = own(object, 'correctiveEventIDs');
  const correctiveEventIDs = corrective === undefined ? [] : urisOf(corrective, `${at}/correctiveEventIDs`);
  if (word === 'did_not_occur' && correctiveEventIDs.length > 0) {
    refuse(`${at}/correctiveEventIDs`, 'leave it out: what did not occur is not corrected');
  }
  const extensions = extensionsOf(object, (name) => ERROR_NAMES.has(name), context, at);
  return { declarationTime, ...(word === undefined ? {} : { reason: word }), correctiveEventIDs, extensions };
}

const noField = (): boolean => false;

/**
 * Parses instance and lot master data. Lot and expiry must be well formed when present.
 * @throws MalformedError MALFORMED_EVENT
 */
export function ilmdOf(value: Json | undefined, context: Context, at: string): Ilmd {
  const object = objectOf(value, at);
  const extensions = extensionsOf(object, noField, context, at);
  const lotNumber = mdaText(extensions, 'lotNumber');
  const expiry = mdaText(extensions, 'itemExpirationDate');
  if (lotNumber !== undefined && !parseLot(lotNumber).ok) {
    refuse(at, 'send a lotNumber of 1 to 20 characters of GS1 character set 82');
  }
  return {
    ...(lotNumber === undefined ? {} : { lotNumber }),
    ...(expiry === undefined ? {} : { itemExpirationDate: dayOf(expiry, at) }),
    extensions,
  };
}

// T3: only the day counts. A time or an offset may follow it (xsd:date allows an offset).
function dayOf(text: string, at: string): string {
  const day = parseIsoDate(text.slice(0, 10));
  const rest = text[10];
  const ends = rest === undefined || 'TZ+-'.includes(rest);
  return day.ok && ends ? day.value : refuse(at, 'send an itemExpirationDate as YYYY-MM-DD');
}

// A value converted from XML is an object with its text in `#text`, or typed in `@value`.
function mdaText(extensions: Extensions, name: string): string | undefined {
  const space = MDA_NAMESPACES.find((namespace) => Object.hasOwn(extensions, `{${namespace}}${name}`));
  const value = space === undefined ? undefined : extensions[`{${space}}${name}`];
  const inner = isJsonObject(value) ? (own(value, '@value') ?? own(value, '#text')) : value;
  return typeof inner === 'string' ? inner : undefined;
}
