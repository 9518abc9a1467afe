import { bigintAsNumber } from '@custos/shell-postgres';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An entry of the registry under its state key: party, place, prefix, key, product, GTIN, rule. */
@Entity({ schema: 'readmodel', name: 'registry' })
export class RegistryEntity {
  @PrimaryColumn('text')
  readonly key!: string;

  /** The leaf, without its commitments. */
  @Column('jsonb')
  readonly value!: unknown;

  /** Members that lie beside the leaf (L6.4). */
  @Column('jsonb', { nullable: true })
  readonly beside!: unknown;
}

/** A unit as it stands after the last projected block. Custody stands on the outermost container alone. */
@Entity({ schema: 'readmodel', name: 'unit' })
export class UnitEntity {
  @PrimaryColumn('text')
  readonly key!: string;

  @Column('text', { nullable: true })
  readonly gtin!: string | null;

  /** State key of the lot. */
  @Column('text', { nullable: true })
  readonly lot!: string | null;

  @Column('text', { nullable: true })
  readonly expiry!: string | null;

  @Column('jsonb', { nullable: true })
  readonly lifecycle!: unknown;

  /** Position of the event that last stated the lifecycle. */
  @Column('bigint', { name: 'lifecycle_moment', nullable: true, transformer: bigintAsNumber })
  readonly lifecycleMoment!: number | null;

  @Column({ type: 'text', asExpression: "lifecycle ->> 'state'", generatedType: 'STORED', nullable: true })
  readonly state!: string | null;

  @Column({ type: 'text', asExpression: "lifecycle ->> 'reason'", generatedType: 'STORED', nullable: true })
  readonly reason!: string | null;

  @Column('boolean', { name: 'on_hold', nullable: true })
  readonly onHold!: boolean | null;

  @Column('integer', { nullable: true })
  readonly incarnation!: number | null;

  /** State key of the container. */
  @Column('text', { nullable: true })
  readonly container!: string | null;

  @Column('text', { nullable: true })
  readonly owner!: string | null;

  @Column('text', { name: 'pending_owner', nullable: true })
  readonly pendingOwner!: string | null;

  @Column('text', { nullable: true })
  readonly possessor!: string | null;

  @Column('text', { name: 'received_from', nullable: true })
  readonly receivedFrom!: string | null;

  @Column('text', { nullable: true })
  readonly location!: string | null;

  @Column('jsonb', { nullable: true })
  readonly transit!: unknown;

  @Column({
    type: 'text',
    name: 'transit_to',
    asExpression: "transit ->> 'to'",
    generatedType: 'STORED',
    nullable: true,
  })
  readonly transitTo!: string | null;

  @Column('text', { nullable: true })
  readonly contents!: string | null;

  /** GLN of the party that stated the contents. */
  @Column('text', { name: 'contents_by', nullable: true })
  readonly contentsBy!: string | null;

  /** Position of the last event that changed it. */
  @Column('bigint', { transformer: bigintAsNumber })
  readonly moment!: number;
}

/** A stay of a unit in a container, from one position of the chain to another. */
@Entity({ schema: 'readmodel', name: 'containment' })
export class ContainmentEntity {
  @PrimaryColumn('text')
  readonly unit!: string;

  @PrimaryColumn('bigint', { transformer: bigintAsNumber })
  readonly began!: number;

  /** Null while the unit lies there. */
  @Column('bigint', { nullable: true, transformer: bigintAsNumber })
  readonly ended!: number | null;

  @Column('text')
  readonly container!: string;
}

/** A lot with its recalls. */
@Entity({ schema: 'readmodel', name: 'lot' })
export class LotEntity {
  @PrimaryColumn('text')
  readonly key!: string;

  @Column('text', { nullable: true })
  readonly expiry!: string | null;

  @Column('jsonb', { nullable: true })
  readonly recalls!: unknown;

  @Column('bigint', { transformer: bigintAsNumber })
  readonly moment!: number;
}
