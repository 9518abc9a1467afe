import { bigintAsNumber } from '@custos/shell-postgres';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The progress of one projection of the read model. */
@Entity({ schema: 'readmodel', name: 'projection' })
class ProjectionEntity {
  @PrimaryColumn('text')
  readonly name!: string;

  /** Number of the rows' shape: another one makes the projection begin at genesis. */
  @Column('integer')
  readonly version!: number;

  /** The last block that is projected. */
  @Column('bigint', { transformer: bigintAsNumber })
  readonly height!: number;

  @Column('bytea')
  readonly header!: Buffer;

  /** Whether the projection has had, since it was begun, all that the validator had. */
  @Column('boolean', { name: 'caught_up', default: false })
  readonly caughtUp!: boolean;
}

/** The progress of one projection into `own`. */
@Entity({ schema: 'own', name: 'projection' })
export class OwnProjectionEntity {
  @PrimaryColumn('text')
  readonly name!: string;

  @Column('integer')
  readonly version!: number;

  @Column('bigint', { transformer: bigintAsNumber })
  readonly height!: number;

  @Column('bytea')
  readonly header!: Buffer;

  @Column('boolean', { name: 'caught_up', default: false })
  readonly caughtUp!: boolean;
}

/** The position from which a lane is read on. */
@Entity({ schema: 'readmodel', name: 'lane_position' })
class LanePositionEntity {
  @PrimaryColumn('text')
  readonly lane!: string;

  @Column('text')
  readonly position!: string;
}

/** The tables of a follower in `readmodel`. */
export const FOLLOWER_ENTITIES = [ProjectionEntity, LanePositionEntity];
