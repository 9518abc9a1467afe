import { consensusStatus, type BlockRef } from '@custos/core-consensus';
import { LanesClosed } from '@custos/shell-lanes';
import { assemble, type Assembly, type ValidatorConfig } from './assemble.js';
import type { StopReason } from './host/host.js';
import type { Waiting } from './lanes/mempool.js';
import { laneSpecs, networkOf, type Network } from './network.js';
import type { ValidatorPorts } from './ports.js';
import { statusOf, type ValidatorStatus } from './http/status.js';

/** A validator that can be started, watched and stopped. */
export interface Validator {
  readonly network: Network;
  /**
   * Opens the disks and resolves when the chain can be read; lanes are opened meanwhile and for as long as the
   * broker takes. @throws StoreUnusable, MalformedError when the files are not this validator's.
   */
  start(): Promise<void>;
  /** Resolves when nothing of it runs any more. The ports stay open: they are their owner's to close. */
  stop(): Promise<void>;
  status(): ValidatorStatus;
  /** Called for each final run, in order, once it can be read. */
  onFinal(listener: (blocks: readonly BlockRef[]) => void): void;
  /** Resolves with the reason when the validator stops by itself (halt, or a disk that failed); else never. */
  readonly stopped: Promise<StopReason>;
  /** Returns the running parts. @throws Error before {@link start} has resolved. */
  running(): Assembly;
}

/** One validator: all its world in `ports`, nothing around them (STYLE 1). */
export function createValidator(ports: ValidatorPorts, config: ValidatorConfig): Validator {
  const network = networkOf(ports.hasher, config.genesis, ports.signer.keyId);
  const listeners: ((blocks: readonly BlockRef[]) => void)[] = [];
  let assembly: Assembly | undefined;
  let areLanesOpen = false;
  let isStopped = false;
  let tellStopped: (reason: StopReason) => void;
  const stopped = new Promise<StopReason>((resolve) => (tellStopped = resolve));
  const running = (): Assembly => {
    if (!assembly) throw new Error('the validator is not started');
    return assembly;
  };

  const openLanes = async ({ own, finalLane, readers }: Assembly): Promise<void> => {
    await ports.lanes.ensure(laneSpecs(own));
    await finalLane.start();
    if (isStopped) return;
    await readers.start();
    areLanesOpen = true;
  };

  const watchPool = (parts: Assembly): void => {
    let isSet = false;
    const look = (): void => {
      isSet = false;
      if (isStopped || parts.pool.size === 0) return;
      repeatOverdue(ports, parts);
      set();
    };
    const set = (): void => {
      if (isSet || parts.pool.size === 0) return;
      isSet = true;
      ports.clock.setTimer(network.genesis.parameters.t0, look);
    };
    parts.intake.onAdmitted = () => {
      parts.host.sayWaiting();
      set();
    };
  };

  return {
    network,
    stopped,
    running,
    async start() {
      assembly = await assemble(ports, network, config, {
        onFinal: (blocks) => listeners.forEach((listener) => listener(blocks)),
        onStop: (reason) => {
          if (!isStopped) tellStopped(reason);
        },
      });
      watchPool(assembly);
      openLanes(assembly).catch((error: unknown) => {
        if (error instanceof LanesClosed || isStopped) return;
        ports.log.error('the lanes could not be opened', { error: String(error) });
        tellStopped({ code: 'FAILED', error });
      });
    },
    async stop() {
      isStopped = true;
      if (assembly) await stopAll(assembly);
    },
    status: () => statusOf(network, running(), areLanesOpen),
    onFinal: (listener) => void listeners.push(listener),
  };
}

// K17: what waits at this holder goes once more on its own lane, and what waits far too long raises an alarm.
function repeatOverdue({ clock, log }: ValidatorPorts, parts: Assembly): void {
  const { overdueWatch, pool, transactions, bodies, chain, host } = parts;
  // Of the last final block the body is held as well.
  const isIdle = chain.executedBlocks === 1 && bodies.size <= 1;
  const { view } = consensusStatus(host.consensus);
  const { again, reported } = overdueWatch.look(pool, { now: clock.now(), view, isIdle });
  for (const { transaction } of again) transactions.send(transaction.bytes);
  if (reported.length === 0) return;
  const [{ transaction, organisation }] = reported as readonly [Waiting];
  log.error('transactions are left out', { count: reported.length, first: transaction.id, organisation });
}

async function stopAll(parts: Assembly): Promise<void> {
  const { readers, votes, proposals, transactions, finalLane, pruner, puller, host } = parts;
  await readers.close();
  await host.stop();
  for (const part of [votes, proposals, transactions, finalLane, pruner, puller]) part.close();
}
