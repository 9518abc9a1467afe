export { driftOf } from './drift.js';
export { freshDatabase, type FreshDatabase } from './fresh-database.js';
export { wireTo, type Wire } from './wire.js';
