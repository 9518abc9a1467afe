/** The release that `kafka/pom.xml` names, as its project publishes it. */
export const KAFKA_IMAGE = 'apache/kafka:4.4.0';
export const POSTGRES_IMAGE = 'postgres:18';
