import { bigintAsNumber } from '@custos/shell-postgres';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { Digest } from '@custos/core-crypto';
import type { OnError } from '../capture/drafts.js';
import type { JobKind, OutboxStatus } from './outbox.js';

// Columns of JSON are `unknown`: TypeORM's types of conditions would follow them without end.

/** A request that was accepted, and may be asked for. */
@Entity({ schema: 'own', name: 'job' })
export class JobEntity {
  @PrimaryColumn('uuid')
  readonly job!: string;

  @Column('text')
  readonly kind!: JobKind;

  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column('text', { name: 'on_error' })
  readonly onError!: OnError;

  /** Events of the document that could not be signed. */
  @Column('json')
  readonly rejected!: unknown;
}

/** A signed transaction until it is final, and its receipts then. */
@Entity({ schema: 'own', name: 'outbox' })
export class OutboxEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  readonly sequence!: string;

  @Column('uuid')
  readonly job!: string;

  /** A document that was split leaves part after part (K17). */
  @Column('integer')
  readonly part!: number;

  @Column('text', { name: 'tx_id' })
  readonly txId!: Digest;

  @Column('bytea')
  readonly bytes!: Buffer;

  @Column('bigint', { name: 'expires_at', transformer: bigintAsNumber })
  readonly expiresAt!: number;

  @Column('json')
  readonly events!: unknown;

  @Column('text', { default: 'pending' })
  readonly status!: OutboxStatus;

  @Column('bigint', { nullable: true, transformer: bigintAsNumber })
  readonly height!: number | null;

  @Column('bigint', { name: 'block_time', nullable: true, transformer: bigintAsNumber })
  readonly blockTime!: number | null;

  @Column('json', { nullable: true })
  readonly receipts!: unknown;

  @Column('json', { nullable: true })
  readonly inclusion!: unknown;
}

/** An `Idempotency-Key` of a caller on a route, and the job that it led to. */
@Entity({ schema: 'own', name: 'idempotency' })
class IdempotencyEntity {
  @PrimaryColumn('text')
  readonly caller!: string;

  @PrimaryColumn('text')
  readonly route!: string;

  @PrimaryColumn('text')
  readonly key!: string;

  @Column('text', { name: 'body_hash' })
  readonly bodyHash!: string;

  @Column('uuid')
  readonly job!: string;

  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  readonly createdAt!: number;
}

/** The value behind a seal (L2.8). */
@Entity({ schema: 'own', name: 'vault' })
export class VaultEntity {
  @PrimaryColumn('text')
  readonly seal!: string;

  @Column('text')
  readonly salt!: string;

  @Column('json')
  readonly value!: unknown;

  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  readonly createdAt!: number;
}

/** An event with sealed values, as the chain has it. */
@Entity({ schema: 'own', name: 'sealed_event' })
export class SealedEventEntity {
  @PrimaryColumn('text', { name: 'content_hash' })
  readonly contentHash!: string;

  @Column('text', { name: 'client_id' })
  readonly clientId!: string;

  @Column('text', { name: 'event_id' })
  readonly eventId!: string;

  @Column('json')
  readonly part!: unknown;
}

/** The tables of a partner service in `own`. */
export const PARTNER_ENTITIES = [JobEntity, OutboxEntity, IdempotencyEntity, VaultEntity, SealedEventEntity];
