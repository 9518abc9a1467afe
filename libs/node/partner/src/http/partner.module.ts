import type { DynamicModule, Provider, Type } from '@nestjs/common';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { askerOf } from '@custos/core-access';
import type { Party } from '@custos/core-registry';
import type { Follower, PinnedNetwork } from '@custos/node-follower';
import {
  memberModule,
  READER,
  snapshotReader,
  type MemberPorts,
  type SnapshotReader,
} from '@custos/node-member-service';
import { repositoryOptions } from '@custos/shell-postgres';
import type { Metrics, Readiness } from '@custos/shell-process';
import { openVault, type Vault } from '../capture/vault.js';
import { createDesk } from '../desk.js';
import { jobSource, type JobSource } from '../promises/jobs.js';
import { JobEntity, OutboxEntity, PARTNER_ENTITIES, SealedEventEntity, VaultEntity } from '../promises/own.rows.js';
import { createSubmissions, type SubmissionOptions, type Submissions } from '../promises/submission.js';
import type { EventSource } from './epcis/epcis-answers.js';
import { partnerDocument } from './partner-document.js';
import { UNREAD_CHAIN } from './problems.js';
import { DESK, EVENT_SOURCE, HASHER, JOB_SOURCE, PARTY, SUBMISSIONS, VAULT } from './tokens.js';

/** The parts that run beneath the HTTP interface of a partner service. */
export interface PartnerParts extends Pick<MemberPorts, 'postgres' | 'askLeaves' | 'log'> {
  readonly network: PinnedNetwork;
  readonly party: Party;
  readonly follower: Follower;
  readonly metrics: Metrics;
  readonly needs: readonly Readiness[];
  readonly promises: PromiseParts;
}

/** The parts that promise, and wait for what was promised. */
interface PromiseParts extends Omit<SubmissionOptions, 'postgres' | 'jobs'> {
  /** Longest wait of a request for finality, milliseconds. */
  readonly waitMs: number;
}

/** Creates the Nest module of a partner service: each controller gets what it needs, and no more. */
export function partnerModule(parts: PartnerParts, controllers: readonly Type<object>[]): DynamicModule {
  const { network, party, postgres, askLeaves, follower, metrics, needs, log } = parts;
  const { trust } = network;
  const asker = askerOf(party);
  return memberModule({
    ...{ controllers, follower, needs, metrics, prover: { trust, askLeaves, log } },
    reader: snapshotReader({ postgres, hasher: trust.hasher, askerOf: () => asker, unreadName: UNREAD_CHAIN }),
    document: partnerDocument(party.roles),
    imports: [
      // No second try: the relay has just read the same tables.
      TypeOrmModule.forRoot({ ...repositoryOptions(postgres, PARTNER_ENTITIES), retryAttempts: 1 }),
      TypeOrmModule.forFeature(PARTNER_ENTITIES),
    ],
    providers: [
      { provide: PARTY, useValue: party.gln },
      { provide: HASHER, useValue: trust.hasher },
      { provide: JOB_SOURCE, useFactory: jobSource, inject: repositories(JobEntity, OutboxEntity) },
      { provide: VAULT, useFactory: openVault, inject: repositories(VaultEntity, SealedEventEntity) },
      eventSource(party.gln),
      submissions(parts),
      desk(parts),
    ],
  });
}

function repositories(...entities: readonly (new () => object)[]) {
  return entities.map((entity) => getRepositoryToken(entity));
}

function eventSource(party: string): Provider {
  return {
    provide: EVENT_SOURCE,
    useFactory: (reader: SnapshotReader, vault: Vault): EventSource => ({ reader, vault, party }),
    inject: [READER, VAULT],
  };
}

function submissions({ postgres, promises }: Pick<PartnerParts, 'postgres' | 'promises'>): Provider {
  return {
    provide: SUBMISSIONS,
    useFactory: (jobs: JobSource) => createSubmissions({ ...promises, postgres, jobs }),
    inject: [JOB_SOURCE],
  };
}

function desk({ network, party, postgres, follower, promises }: PartnerParts): Provider {
  const { waitMs, now } = promises;
  const isCurrent = () => follower.standing().isCurrent;
  const known = { party: party.gln, hasher: network.trust.hasher, postgres, isCurrent, waitMs, now };
  return {
    provide: DESK,
    useFactory: (submissions: Submissions, sealedEvents: Repository<SealedEventEntity>) =>
      createDesk({ ...known, submissions, sealedEvents }),
    inject: [SUBMISSIONS, getRepositoryToken(SealedEventEntity)],
  };
}
