import { CaptureContextEntity, EventEntity, MentionEntity } from './events.rows.js';
import { ContainmentEntity, LotEntity, RegistryEntity, UnitEntity } from './units.rows.js';

/** The tables of the repository in `readmodel`. */
export const EPCIS_ENTITIES = [
  RegistryEntity,
  EventEntity,
  MentionEntity,
  CaptureContextEntity,
  UnitEntity,
  ContainmentEntity,
  LotEntity,
];
