export { driftOf } from './drift.js';
export { freshDatabase, type FreshDatabase } from './fresh-database.js';
