import { bigintAsNumber } from '@custos/shell-postgres';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A final block as its header states it, with the signers of the certificate of its run. */
@Entity({ schema: 'readmodel', name: 'block' })
export class BlockEntity {
  @PrimaryColumn('bigint', { transformer: bigintAsNumber })
  readonly height!: number;

  @Column('text')
  readonly hash!: string;

  /** Milliseconds since 1970. */
  @Column('bigint', { transformer: bigintAsNumber })
  readonly time!: number;

  @Column('bigint', { transformer: bigintAsNumber })
  readonly view!: number;

  /** Index in the validator set. */
  @Column('integer')
  readonly proposer!: number;

  @Column('integer')
  readonly transactions!: number;

  @Column('text', { name: 'state_root' })
  readonly stateRoot!: string;

  /** Indices in the validator set. */
  @Column('integer', { array: true })
  readonly signers!: readonly number[];
}
