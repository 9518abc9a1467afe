import { dockerRuns } from './docker.js';
import { javaRunsKafka } from './java.js';

/** The remedy where Kafka must be had and cannot. */
export const KAFKA_MISSING =
  'Kafka needs Java 17 or newer and Maven (apt-get install openjdk-17-jre-headless maven), ' +
  'or a running Docker engine, or a broker of yours in CUSTOS_KAFKA=host:port.';

/** The carrier of the lanes, and a sentence that says why it is this one. */
export type LanesChoice =
  | { readonly carrier: 'given'; readonly why: string; readonly address: string }
  | { readonly carrier: 'java' | 'docker' | 'file'; readonly why: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Chooses Kafka where it can be had: a broker of the environment, Java and Maven, or Docker; files otherwise. CUSTOS_LANES
 * decides itself: `kafka` or `file`.
 *
 * @throws Error when CUSTOS_LANES is another word, or asks for Kafka where it cannot be had
 */
export function chooseLanes(root: string, environment: Environment): LanesChoice {
  const { CUSTOS_LANES: asked = '', CUSTOS_KAFKA: address } = environment;
  if (!['', 'kafka', 'file'].includes(asked)) throw new Error(`CUSTOS_LANES=${asked}: set it to kafka or file`);
  if (asked === 'file') return { carrier: 'file', why: 'files carry the lanes, because CUSTOS_LANES is file' };
  if (address)
    return { carrier: 'given', address, why: `Kafka carries the lanes: the broker of CUSTOS_KAFKA, ${address}` };
  if (javaRunsKafka(root)) return { carrier: 'java', why: 'Kafka carries the lanes: Java and its jars are here' };
  if (dockerRuns()) return { carrier: 'docker', why: 'Kafka carries the lanes, in a container: Docker is here' };
  if (asked === 'kafka') throw new Error(KAFKA_MISSING);
  return {
    carrier: 'file',
    why: 'files carry the lanes: there is no Kafka here (no CUSTOS_KAFKA, no Java 17 with Maven, no Docker engine)',
  };
}
