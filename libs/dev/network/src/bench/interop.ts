import { join } from 'node:path';
import { orReject, parseJson, type Json } from '@custos/core-bytes';
import { eventHash, openDocument, parseEvent } from '@custos/core-epcis';
import { parseScan, SEPARATOR } from '@custos/core-gs1';
import { nodeHasher } from '@custos/shell-node-crypto';
import { pause } from '../child.js';
import { expectStatus, table } from '../demo/narration.js';
import { playLife } from '../demo/story.js';
import { startNetwork, type Network } from '../network.js';
import { demoTopology } from '../demo/demo-topology.js';
import { memberOf } from '../topology.js';
import { newBatch } from './batch.js';
import { documentBytes, documentOf } from './events.js';
import { timed } from './load.js';
import { rounded, saveResults, type Metric } from './results.js';
import type { BenchOptions } from './slice.js';

/** The same documents again and again: first to warm up, then for the figure. */
const DOCUMENTS = 20;
const EVENTS_A_DOCUMENT = 200;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 5;
const CODES = 100_000;
const CAPTURED = 10_000;
const POLL_MS = 20;
const CAPTURE_LIMIT_MS = 600_000;

/** What one core reads of others' words, a second: on one thread, without a network. */
type Reading = readonly [name: string, perRound: number, round: () => void];

/** Words of others, read: documents and hashes on one core, then a large capture through the whole network. */
export async function benchInterop(options: BenchOptions): Promise<void> {
  const { write } = options;
  const metrics: Metric[] = readings().map(([name, perRound, round]) => ({
    name,
    value: rounded(perSecond(perRound, round)),
    unit: '1/s',
  }));
  metrics.push({ name: 'capture_10k_events_s', value: rounded(await captureSeconds(options)), unit: 's' });
  for (const row of table(metrics.map(({ name, value, unit }) => [name, String(value), unit]))) write(row);
  write(saveResults(options.root, 'interop', metrics));
}

/** A row for each figure of this kind. */
function readings(): readonly Reading[] {
  const events = DOCUMENTS * EVENTS_A_DOCUMENT;
  const bytes = documentBytes(DOCUMENTS, EVENTS_A_DOCUMENT);
  const parsed = bytes.map((document) => {
    const { scope, events: opened } = open(document);
    return { scope, events: opened.map(({ json }) => orReject(parseEvent(json, scope))) };
  });
  return [
    [
      'validate_events_per_s',
      events,
      () => {
        for (const document of bytes) {
          const { scope, events: opened } = open(document);
          for (const { at, json } of opened) orReject(parseEvent(json, scope, at));
        }
      },
    ],
    [
      'canonical_hash_events_per_s',
      events,
      () => {
        for (const { scope, events: all } of parsed) for (const event of all) eventHash(nodeHasher, event, scope);
      },
    ],
    codeReading(),
  ];
}

// A pack as each form of code names it: what a scanner sends, brackets, a link and a URN, in turns.
function codeReading(): Reading {
  const codes = Array.from({ length: CODES / 4 }, (_, i) => [
    `]d201040123450000161727033110L${i % 100}${SEPARATOR}21S${i}`,
    `(01)04012345000016(17)270331(10)L${i % 100}(21)S${i}`,
    `https://id.gs1.org/01/04012345000016/10/L${i % 100}/21/S${i}?17=270331`,
    `urn:epc:id:sgtin:4012345.000001.S${i}`,
  ]).flat();
  return [
    'gs1_parse_per_s',
    codes.length,
    () => {
      for (const code of codes) orReject(parseScan(code));
    },
  ];
}

function open(bytes: Uint8Array) {
  return orReject(openDocument(orReject(parseJson(bytes))));
}

/** A second of processor time, so that whoever else is on the machine does not count. */
function perSecond(perRound: number, round: () => void): number {
  for (let i = 0; i < WARM_UP_ROUNDS; i++) round();
  const begun = process.cpuUsage();
  for (let i = 0; i < ROUNDS; i++) round();
  const { user, system } = process.cpuUsage(begun);
  return (perRound * ROUNDS) / ((user + system) / 1_000_000);
}

/** Seconds from `POST /capture` of 10,000 commissionings until their job is done: each on the chain, each accepted. */
async function captureSeconds({ root, portBase, write }: BenchOptions): Promise<number> {
  const topology = demoTopology(portBase, 'custos-interop');
  const directory = join(root, '.custos', 'interop');
  const network = await startNetwork({ topology, directory, root, reset: true, log: write });
  try {
    // Registers the product and warms every process.
    await playLife(network, { step: () => undefined, line: () => undefined });
    const document = documentOf(commissionings(network, CAPTURED));
    const { took } = await timed(() => capture(network, document));
    return took / 1_000;
  } finally {
    await network.stop();
  }
}

function commissionings(network: Network, count: number): readonly Json[] {
  const { lot, expiry, packs } = newBatch(count);
  const { gln } = memberOf(network.topology, 'manufacturer');
  const eventTime = new Date().toISOString();
  return packs.map((pack) => {
    const [gtin, serial] = [pack.slice('(01)'.length, pack.indexOf('(21)')), pack.slice(pack.indexOf('(21)') + 4)];
    return {
      type: 'ObjectEvent',
      ...{ eventTime, eventTimeZoneOffset: '+00:00', action: 'ADD', bizStep: 'commissioning', disposition: 'active' },
      epcList: [`https://id.gs1.org/01/${gtin}/21/${serial}`],
      readPoint: { id: `https://id.gs1.org/414/${gln}` },
      ilmd: { 'cbvmda:lotNumber': lot, 'cbvmda:itemExpirationDate': expiry },
    };
  });
}

async function capture(network: Network, document: Json): Promise<void> {
  const service = network.service('manufacturer');
  const proceed = { 'gs1-capture-error-behaviour': 'proceed' };
  const answer = await service.post('/capture', document, { headers: proceed });
  expectStatus(answer, 202, 'a capture of the bench');
  const location = answer.headers.get('location')!;
  const end = Date.now() + CAPTURE_LIMIT_MS;
  for (;;) {
    const { body } = await service.get(location);
    const { running, success } = body as { readonly running: boolean; readonly success: boolean };
    if (!running && success) return;
    if (!running || Date.now() > end) throw new Error(`the capture of the bench: ${JSON.stringify(body)}`);
    await pause(POLL_MS);
  }
}
