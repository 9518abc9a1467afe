export { partnerConfig, type PartnerConfig } from './config.js';
export { PartnerTables1764070400000 } from './promises/own-migrations.js';
export { partnerDocument } from './http/partner-document.js';
export { partnerModule } from './http/partner.module.js';
export { closePartner, servePartner } from './http/serve-partner.js';
export { runPartner } from './start-partner.js';
export { openPartner, PARTNER_MIGRATIONS, type PartnerSettings, type PartnerWorld } from './world.js';
