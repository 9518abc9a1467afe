export { BROKER_PROBE, brokerEnvironment, IMAGE_LOG, IMAGE_PORT } from './broker-settings.js';
export { endLeftover, freePort, requireFree } from './child.js';
export { database, dropDatabase } from './database.js';
export { containersLack } from './docker.js';
export { KAFKA_IMAGE, POSTGRES_IMAGE } from './docker-images.js';
export { startKafka } from './kafka.js';
export { startPostgres } from './postgres.js';
export { postgresPackage } from './postgres-files.js';
export { startServers, type Servers } from './servers.js';
