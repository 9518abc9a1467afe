import { canonicalJson, type Json, type JsonObject } from '@custos/core-bytes';
import type { Caller } from '@custos/formats-api';
import { answered, EVENT_READS, findEvents, type FoundEvent } from '@custos/node-epcis-repository';
import { orProblem, type SnapshotReader } from '@custos/node-member-service';
import { Problem } from '@custos/shell-process';
import type { Vault } from '../../capture/vault.js';

/** Finds events: in rows of the chain, with what the organisation's vault has of its own. */
export interface EventSource {
  readonly reader: SnapshotReader;
  readonly vault: Vault;
  /** GLN of the organisation. */
  readonly party: string;
}

/**
 * Answers EPCIS 2.0.1, 12.7: the event as signed in a query document, with what its party declared of it later. L6.1: of
 * parties that use the same id, the organisation itself, else the one that used it first.
 * @throws Problem 404 EVENT_UNKNOWN
 */
export async function answerEvent(
  { reader, vault, party }: EventSource,
  caller: Caller,
  eventId: string,
): Promise<JsonObject> {
  const chainId = await vault.chainIdOf(eventId);
  const found = await orProblem(
    reader.answer(caller, EVENT_READS, async ({ asker, snapshot }) =>
      answered(await findEvents(asker, snapshot, chainId)),
    ),
  );
  const [first] = found;
  if (first) {
    // L2.8: the organisation alone has what its seals hide.
    const open = async (each: FoundEvent) => ({ ...each, event: await vault.opened(each.event as JsonObject) });
    return queryDocument(first.party === party ? await Promise.all(found.map(open)) : found);
  }
  const fix = 'send the eventID of an event of this organisation, or one that it is part of';
  const title = 'There is no such event';
  throw new Problem({ status: 404, code: 'EVENT_UNKNOWN', title, field: 'eventID', fix });
}

// The document speaks in the context of its first event; another one brings its own.
function queryDocument(found: readonly FoundEvent[]): JsonObject {
  const [{ context, recordTime: creationDate }] = found as readonly [FoundEvent];
  const eventList = found.map(({ event, context: own, recordTime }) => {
    const source = event as JsonObject;
    const same = canonicalJson(own) === canonicalJson(context);
    return { ...(same ? source : { ...source, '@context': joined(own, source['@context']) }), recordTime };
  });
  return {
    '@context': context,
    type: 'EPCISQueryDocument',
    schemaVersion: '2.0',
    creationDate,
    epcisBody: { queryResults: { queryName: 'SimpleEventQuery', resultsBody: { eventList } } },
  };
}

function joined(context: Json, own: Json | undefined): Json {
  return [context, own ?? []].flat() as Json;
}
