import { TRACE } from '@custos/formats-api';
import { REPOSITORY, topics, type Topics } from '@custos/node-member-service';
import { BlockTables1764070500000 } from './blocks/block-tables.js';
import { BlocksController } from './blocks/blocks.controller.js';
import { blocksProjection } from './blocks/blocks-projection.js';
import { LotsController } from './lots/lots.controller.js';
import { UnitsController } from './units/units.controller.js';
import { VerifyController } from './verify/verify.controller.js';

const BLOCKS = { migrations: [BlockTables1764070500000], projections: [blocksProjection] };

/** The topics of trace, a line each, in the order of its projections and its document. */
export const TOPICS: Topics = topics(
  REPOSITORY,
  { contracts: [TRACE.unit, TRACE.journey], controllers: [UnitsController] },
  { contracts: [TRACE.reach], controllers: [LotsController] },
  { contracts: [TRACE.verify], controllers: [VerifyController] },
  { ...BLOCKS, contracts: [TRACE.blocks], controllers: [BlocksController] },
);
