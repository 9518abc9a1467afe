import type { DynamicModule, Type } from '@nestjs/common';
import { getRepositoryToken, TypeOrmModule } from '@nestjs/typeorm';
import { memberModule, snapshotReader } from '@custos/node-member-service';
import { repositoryOptions } from '@custos/shell-postgres';
import type { Readiness } from '@custos/shell-process';
import { openVault, type Vault } from '../capture/vault.js';
import { jobSource } from '../promises/jobs.js';
import { JobEntity, OutboxEntity, PARTNER_ENTITIES, SealedEventEntity, VaultEntity } from '../promises/own.rows.js';
import type { PartnerWorld } from '../world.js';
import type { EventSource } from './epcis/epcis-answers.js';
import { partnerDocument } from './partner-document.js';
import { UNREAD_CHAIN } from './problems.js';
import { DESK, EVENT_SOURCE, HASHER, JOB_SOURCE, PARTY, VAULT } from './tokens.js';

/** Creates the Nest module of a partner service: each controller gets what it needs, and no more. */
export function partnerModule(world: PartnerWorld, controllers: readonly Type<object>[]): DynamicModule {
  const { party, asker, network, postgres, lanes, follower, askLeaves, metrics, log } = world;
  const { trust } = network;
  const needs: readonly Readiness[] = [
    { name: 'Postgres', check: () => postgres.health().then(() => true) },
    { name: lanes.carrier, check: () => lanes.health().then(() => true) },
    { name: 'network', check: () => world.isFollowing() && follower.standing().isCurrent },
  ];
  const reader = snapshotReader({ postgres, hasher: trust.hasher, askerOf: () => asker, unreadName: UNREAD_CHAIN });
  return memberModule({
    ...{ controllers, reader, prover: { trust, askLeaves, log }, follower, needs, metrics },
    document: partnerDocument(party.roles),
    imports: [
      // No second try: the relay has just read the same tables.
      TypeOrmModule.forRoot({ ...repositoryOptions(postgres, PARTNER_ENTITIES), retryAttempts: 1 }),
      TypeOrmModule.forFeature(PARTNER_ENTITIES),
    ],
    providers: [
      {
        provide: JOB_SOURCE,
        useFactory: jobSource,
        inject: [JobEntity, OutboxEntity].map((row) => getRepositoryToken(row)),
      },
      { provide: DESK, useFactory: world.openDesk, inject: [JOB_SOURCE, getRepositoryToken(SealedEventEntity)] },
      {
        provide: VAULT,
        useFactory: openVault,
        inject: [VaultEntity, SealedEventEntity].map((row) => getRepositoryToken(row)),
      },
      {
        provide: EVENT_SOURCE,
        useFactory: (vault: Vault): EventSource => ({ reader, vault, party: party.gln }),
        inject: [VAULT],
      },
      { provide: PARTY, useValue: party.gln },
      { provide: HASHER, useValue: trust.hasher },
    ],
  });
}
