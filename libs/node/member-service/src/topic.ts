import type { DynamicModule, Provider, Type } from '@nestjs/common';
import type { Route } from '@custos/formats-api';
import {
  EPCIS_MIGRATIONS,
  eventsProjection,
  registryProjection,
  unitsProjection,
  type Prover,
} from '@custos/node-epcis-repository';
import { FOLLOWER_MIGRATIONS, type Follower, type Projection } from '@custos/node-follower';
import type { MigrateOptions } from '@custos/shell-postgres';
import { systemModule, type SystemOptions } from '@custos/shell-process';
import { FOLLOWER } from './final-lane.js';
import { FinalLaneController } from './final-lane.controller.js';
import type { SnapshotReader } from './answer-from-snapshot.js';

type Migrations = NonNullable<MigrateOptions['migrations']['readmodel']>;

/** The routes of one subject of a service. */
export interface RouteTopic {
  /** Documented by the service in this order. */
  readonly contracts?: readonly Route[];
  /** Mount the contracts. */
  readonly controllers?: readonly Type<object>[];
}

/** One subject of a service: its tables, the projections that fill them, and the routes that read them. */
export interface Topic extends RouteTopic {
  /** Migrations of the schema `readmodel`. */
  readonly migrations?: Migrations;
  readonly projections?: readonly Projection[];
}

/** Rows of the registry, of events and of units, which every service of a member keeps. */
export const REPOSITORY = {
  migrations: [...FOLLOWER_MIGRATIONS, ...EPCIS_MIGRATIONS],
  projections: [registryProjection, eventsProjection, unitsProjection],
} as const satisfies Topic;

/** All routes of a service, in the order of its topics. */
export type RouteTopics = Required<RouteTopic>;

/** Everything that a service's topics have, in their order. */
export type Topics = Required<Topic>;

/** Joins topics of a service that keeps the rows of {@link REPOSITORY} and no others. */
export function routeTopics(...all: readonly RouteTopic[]): RouteTopics {
  return {
    contracts: all.flatMap(({ contracts = [] }) => contracts),
    controllers: all.flatMap(({ controllers = [] }) => controllers),
  };
}

/** Joins topics. */
export function topics(...all: readonly Topic[]): Topics {
  return {
    migrations: all.flatMap(({ migrations = [] }) => migrations),
    projections: all.flatMap(({ projections = [] }) => projections),
    ...routeTopics(...all),
  };
}

class MemberModule {}

/** Token of the {@link SnapshotReader}. */
export const READER = Symbol('snapshot reader');
/** Token of the prover of verdicts. */
export const PROVER = Symbol('prover');

/** The parts that every service of a member provides to its controllers. */
export interface MemberModuleOptions extends SystemOptions {
  readonly controllers: readonly Type<object>[];
  /** Modules that its providers need, such as TypeORM's. */
  readonly imports?: readonly DynamicModule[];
  /** Providers for its own controllers, beside the reader and the prover. */
  readonly providers?: readonly Provider[];
  readonly reader: SnapshotReader;
  readonly prover: Prover;
  readonly follower: Follower;
}

/** Creates the Nest module of a service: its own controllers, health, metrics and the document. */
export function memberModule({
  controllers,
  imports = [],
  providers = [],
  reader,
  prover,
  follower,
  ...system
}: MemberModuleOptions): DynamicModule {
  return {
    module: MemberModule,
    imports: [systemModule(system), ...imports],
    controllers: [...controllers, FinalLaneController],
    providers: [
      ...providers,
      { provide: READER, useValue: reader },
      { provide: PROVER, useValue: prover },
      { provide: FOLLOWER, useValue: follower },
    ],
  };
}
