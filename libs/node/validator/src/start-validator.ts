import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseGenesis, type Genesis } from '@custos/core-chain';
import { fileJournalMedium, lmdbChainStore, lockDirectory, openJournal } from '@custos/shell-chain-store';
import { countedLanes, openLanes, type Lanes } from '@custos/shell-lanes';
import { fileSigner, nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import {
  ConfigError,
  observeLanes,
  openMetrics,
  runProcess,
  type Log,
  type Metrics,
  type Running,
  systemClock as clock,
} from '@custos/shell-process';
import { validatorSettings, type ValidatorSettings } from './config.js';
import { createValidator, type Validator } from './create-validator.js';
import type { StopReason } from './host/host.js';
import { httpPeers } from './peers/http-peers.js';
import { observeValidator } from './http/metrics.js';
import { entryOf, networkOf } from './network.js';
import { serveValidator } from './http/serve-validator.js';

/** A validator as a process. */
export function runValidator(): Promise<void> {
  return runProcess('validator', (log) => startValidator(validatorSettings(process.env), log));
}

/** A validator process that runs. */
export interface RunningValidator extends Running {
  readonly port: number;
  /** Port of its watch listener. */
  readonly watchPort: number;
  /** Resolves as {@link Running} says. The files stay as they are: people decide what is done (K13, K15). */
  readonly stopped: Promise<StopReason>;
}

interface OpenedWorld {
  readonly validator: Validator;
  readonly lanes: Lanes;
  /** Disks and lanes; what rests on them is stopped before. */
  close(): Promise<void>;
}

/** One validator on real parts. Resolves when its HTTP answers; it votes once its lanes are read. */
export async function startValidator(settings: ValidatorSettings, log: Log): Promise<RunningValidator> {
  const metrics = openMetrics('validator');
  const { validator, lanes, close } = await openWorld(settings, log, metrics);
  try {
    await validator.start();
    observeValidator(validator, metrics, clock, log);
    const needs = [
      { name: lanes.carrier, check: () => lanes.health().then(() => true) },
      { name: 'lanes', check: () => validator.status().speaking },
    ];
    const served = await serveValidator(validator, { ...settings, verify: nodeVerify, clock, needs, metrics, log });
    return {
      port: served.port,
      watchPort: served.watchPort,
      stopped: validator.stopped,
      async close() {
        await served.close();
        await validator.stop();
        await close();
      },
    };
  } catch (error) {
    await validator.stop();
    await close();
    throw error;
  }
}

async function openWorld(settings: ValidatorSettings, log: Log, metrics: Metrics): Promise<OpenedWorld> {
  const genesis = await readGenesis(settings.genesisFile);
  const signer = await fileSigner(settings.keyFile);
  const network = networkOf(nodeHasher, genesis, signer.keyId);
  const { directory } = settings;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Two processes with one key on one disk exclude each other (K8).
  const lock = await lockDirectory(directory);
  const store = await lmdbChainStore({ directory: join(directory, 'chain'), hasher: nodeHasher });
  const journal = await openJournal(await fileJournalMedium(join(directory, 'journal')));
  const clientId = `validator-${network.gln}`;
  const trouble = (line: string): void => log.warn('lanes', { line });
  const lanes = countedLanes(openLanes(settings.lanes, { clientId, log: trouble }), observeLanes(metrics));
  const endpointOf = (gln: string): string | undefined => entryOf(network, gln)?.endpoints.http;
  const peers = httpPeers({ networkId: network.networkId, signer, clock, endpointOf });
  const ports = { journal, store, lanes, peers, clock, verify: nodeVerify, signer, hasher: nodeHasher, log };
  return {
    validator: createValidator(ports, { genesis }),
    lanes,
    async close() {
      await lanes.close();
      await journal.close();
      await store.close();
      await lock.close();
    },
  };
}

async function readGenesis(file: string): Promise<Genesis> {
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) throw new ConfigError(`CUSTOS_GENESIS: ${file} cannot be read`);
  const genesis = parseGenesis(bytes);
  if (genesis.ok) return genesis.value;
  throw new ConfigError(`CUSTOS_GENESIS: ${file}: ${genesis.malformed.field}: ${genesis.malformed.fix}`);
}
