export { runPartner } from './run-partner.js';
