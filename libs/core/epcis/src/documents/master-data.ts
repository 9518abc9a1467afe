import { isJsonObject, listOf, objectOf, own, type Json } from '@custos/core-bytes';
import type { Context } from '../events.js';
import { extensionsOf, refuse, uriOf, urisOf } from '../members/members.js';

/**
 * Checks the header of a document with the master data in it (EPCIS 2.0.1, 9.5). It is kept unchanged, and no rule
 * reads it.
 * @throws MalformedError MALFORMED_EVENT
 */
export function checkHeader(value: Json, context: Context, at: string): void {
  const header = objectOf(value, at);
  extensionsOf(header, (name) => name === 'epcisMasterData', context, at);
  const masterData = own(header, 'epcisMasterData');
  if (masterData === undefined) return;
  const lists = own(objectOf(masterData, `${at}/epcisMasterData`), 'vocabularyList');
  if (lists !== undefined) checkVocabularies(lists, `${at}/epcisMasterData/vocabularyList`);
}

/** Checks a list of master data, in a header or in a query result. @throws MalformedError MALFORMED_EVENT */
export function checkVocabularies(value: Json, at: string): void {
  listOf(value, at).forEach((item, i) => {
    const vocabulary = objectOf(item, `${at}/${i}`);
    uriOf(own(vocabulary, 'type'), `${at}/${i}/type`);
    const elements = own(vocabulary, 'vocabularyElementList');
    if (elements === undefined) return;
    const list = `${at}/${i}/vocabularyElementList`;
    listOf(elements, list).forEach((element, j) => checkElement(element, `${list}/${j}`));
  });
}

function checkElement(value: Json, at: string): void {
  const element = objectOf(value, at);
  uriOf(own(element, 'id'), `${at}/id`);
  const children = own(element, 'children');
  if (children !== undefined) urisOf(children, `${at}/children`);
  const attributes = own(element, 'attributes');
  if (attributes === undefined) return;
  listOf(attributes, `${at}/attributes`).forEach((item, i) => {
    const attribute = objectOf(item, `${at}/attributes/${i}`);
    uriOf(own(attribute, 'id'), `${at}/attributes/${i}/id`);
    const content = own(attribute, 'attribute');
    const fits = content === undefined || ['string', 'number'].includes(typeof content) || isJsonObject(content);
    if (!fits) refuse(`${at}/attributes/${i}/attribute`, 'send a text, a number or an object');
  });
}
