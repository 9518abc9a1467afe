import { OwnProgress1764300100000 } from '@custos/node-follower';
import { REPOSITORY } from '@custos/node-member-service';
import type { MigrateOptions } from '@custos/shell-postgres';
import {
  JobAge1764300400000,
  PartnerTables1764070400000,
  PartnerVault1764300300000,
  SettlementProgress1764300200000,
} from './promises/own-migrations.js';

/** Tables of a partner's database, oldest first. */
export const PARTNER_MIGRATIONS: MigrateOptions['migrations'] = {
  readmodel: REPOSITORY.migrations,
  own: [
    PartnerTables1764070400000,
    OwnProgress1764300100000,
    SettlementProgress1764300200000,
    PartnerVault1764300300000,
    JobAge1764300400000,
  ],
};
