import { bigintAsNumber } from '@custos/shell-postgres';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An event of the chain, accepted or refused. Times are milliseconds since 1970. */
@Entity({ schema: 'readmodel', name: 'event' })
export class EventEntity {
  /** Position in the chain (`chainPositionOf`). */
  @PrimaryColumn('bigint', { transformer: bigintAsNumber })
  readonly moment!: number;

  @Column('text')
  readonly transaction!: string;

  @Column('integer', { name: 'event_index' })
  readonly eventIndex!: number;

  @Column('bigint', { name: 'block_time', transformer: bigintAsNumber })
  readonly blockTime!: number;

  @Column('text', { name: 'key_id' })
  readonly keyId!: string;

  /** GLN of the party that signed it. */
  @Column('text')
  readonly party!: string;

  @Column('bigint', { name: 'created_at', transformer: bigintAsNumber })
  readonly createdAt!: number;

  @Column('text')
  readonly outcome!: 'accepted' | 'refused';

  /** Code of the refusal. */
  @Column('text', { nullable: true })
  readonly refusal!: string | null;

  @Column('jsonb', { nullable: true })
  readonly facts!: unknown;

  @Column('jsonb')
  readonly warnings!: unknown;

  /** The event as signed, byte for byte: json and not jsonb. */
  @Column('json')
  readonly event!: unknown;

  @Column('text', { name: 'event_id', nullable: true })
  readonly eventId!: string | null;

  @Column('bigint', { name: 'event_time', nullable: true, transformer: bigintAsNumber })
  readonly eventTime!: number | null;

  @Column('text', { nullable: true })
  readonly type!: string | null;

  @Column('text', { nullable: true })
  readonly action!: string | null;

  @Column('text', { name: 'biz_step', nullable: true })
  readonly bizStep!: string | null;

  @Column('text', { nullable: true })
  readonly disposition!: string | null;

  @Column('text', { nullable: true })
  readonly location!: string | null;

  /** GLNs of the parties that the event names. */
  @Column('text', { array: true })
  readonly parties!: readonly string[];
}

/** A unit that an event names, or changes. */
@Entity({ schema: 'readmodel', name: 'mention' })
export class MentionEntity {
  /** State key. */
  @PrimaryColumn('text')
  readonly unit!: string;

  @PrimaryColumn('bigint', { transformer: bigintAsNumber })
  readonly moment!: number;

  @PrimaryColumn('text')
  readonly role!: string;

  /** Whether the event concerns what lies in the unit too. */
  @Column('boolean')
  readonly inside!: boolean;
}

/** The JSON-LD context of a capture, as signed; none for events of our own. */
@Entity({ schema: 'readmodel', name: 'capture_context' })
export class CaptureContextEntity {
  @PrimaryColumn('text')
  readonly transaction!: string;

  @Column('json')
  readonly context!: unknown;
}
