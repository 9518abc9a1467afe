export { freePort } from './child.js';
export { database, dropDatabase } from './database.js';
export { fetchKafka, repositoryRoot } from './java.js';
export { startKafka, type KafkaOptions, type KafkaServer } from './kafka.js';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres.js';
export { postgresPackage } from './postgres-files.js';
export { startServers, type Servers, type ServersOptions } from './servers.js';
