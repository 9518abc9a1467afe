import { spawnSync } from 'node:child_process';
import { note, ok, wrong, type Finding } from './finding.js';

const LEAST_NODE = [20, 19] as const;
const LEAST_JAVA = 17;
/** A program that has not told its version after this time hangs. */
const ANSWER_MS = 10_000;

/** What a program says of itself; undefined when it is not there or does not work. */
export type Ask = (program: string, args: readonly string[]) => string | undefined;

export const askProgram: Ask = (program, args) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: ANSWER_MS });
  return status === 0 ? stdout + stderr : undefined;
};

export interface Installed {
  readonly node: string;
  readonly ask: Ask;
  /** Kafka's jars are here already, so that Maven is not needed. */
  readonly haveJars: boolean;
  /** A broker of one's own is named, so that none has to be started. */
  readonly haveBroker: boolean;
}

export function checkVersions({ node, ask, haveJars, haveBroker }: Installed): readonly Finding[] {
  const java = Number(/version "(\d+)/.exec(ask('java', ['-version']) ?? '')?.[1] ?? 0);
  const maven = /Apache Maven (\d[\w.-]*)/.exec(ask('mvn', ['-v']) ?? '')?.[1];
  const docker = ask('docker', ['version', '--format', '{{.Server.Version}}'])?.trim();
  const found: Finding[] = [nodeFinding(node)];
  found.push(
    java >= LEAST_JAVA
      ? ok('versions', `Java ${java}`)
      : note('versions', java === 0 ? 'no Java' : `Java ${java}; Kafka needs ${LEAST_JAVA}`, JAVA_FIX),
  );
  if (maven !== undefined) found.push(ok('versions', `Maven ${maven}`));
  else if (haveJars) found.push(ok('versions', "no Maven, and Kafka's jars are here already"));
  else found.push(note('versions', "no Maven; it fetches Kafka's jars once", 'apt-get install maven'));
  found.push(docker ? ok('versions', `Docker ${docker}`) : note('versions', 'no Docker engine that answers'));
  const canStart = java >= LEAST_JAVA && (maven !== undefined || haveJars);
  if (!canStart && !docker && !haveBroker)
    found.push(
      note(
        'versions',
        'nothing here can run Kafka: files carry the lanes, and all processes run on this machine',
        `for Kafka: ${JAVA_FIX}, or start Docker, or set CUSTOS_KAFKA`,
      ),
    );
  return found;
}

const JAVA_FIX = 'apt-get install openjdk-17-jre-headless maven';

function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return ok('versions', `Node ${version}`);
  const least = LEAST_NODE.join('.');
  return wrong('versions', `Node ${version}; ${least} is the least`, `install Node ${least} or newer`);
}
