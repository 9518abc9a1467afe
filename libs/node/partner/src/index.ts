export { partnerConfig, type PartnerConfig } from './config.js';
export { PartnerTables1764070400000 } from './own-migrations.js';
export { partnerModule } from './partner.module.js';
export { runPartner } from './start-partner.js';
export { openPartner, type PartnerWorld } from './world.js';
