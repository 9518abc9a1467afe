import type { DynamicModule, Type } from '@nestjs/common';
import { memberModule, snapshotReader } from '@custos/node-member-service';
import type { Readiness } from '@custos/shell-process';
import type { PartnerWorld } from '../world.js';
import { partnerDocument } from './partner-document.js';
import { UNREAD_CHAIN } from './problems.js';
import { DESK, EVENT_SOURCE, HASHER, JOB_SOURCE, PARTY } from './tokens.js';

/** Creates the Nest module of a partner service: each controller gets what it needs, and no more. */
export function partnerModule(world: PartnerWorld, controllers: readonly Type<object>[]): DynamicModule {
  const { party, asker, network, postgres, lanes, follower, submissions, askLeaves, desk, metrics, log } = world;
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
    providers: [
      { provide: DESK, useValue: desk },
      { provide: JOB_SOURCE, useValue: submissions },
      { provide: EVENT_SOURCE, useValue: { reader, postgres, party: party.gln } },
      { provide: PARTY, useValue: party.gln },
      { provide: HASHER, useValue: trust.hasher },
    ],
  });
}
