import { affectedBy, fingerprint, type Project } from './projects.js';

/** A process that runs an app. */
export interface Restartable {
  readonly name: string;
  /** Name of the app's project. */
  readonly project: string;
  restart(): Promise<void>;
}

export interface RebuildOptions {
  readonly projects: readonly Project[];
  /** In the order in which they are restarted, one after another: of four validators three go on. */
  readonly processes: readonly Restartable[];
  /** Name of the project that all this runs in: it cannot restart itself. */
  readonly own: string;
  /** Compiles all; false when it does not compile, and its errors are told. */
  build(): Promise<boolean>;
  say(line: string): void;
}

export interface Rebuilder {
  /** Something has changed: builds once more when a build is under way. */
  changed(): void;
  /** Nothing is begun any more; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/**
 * Builds after a change and restarts what runs other code than before, and nothing else. What does not compile restarts
 * nothing: the network goes on with the code it has.
 */
export function createRebuilder(options: RebuildOptions): Rebuilder {
  const { projects, processes, own, build, say } = options;
  let running = fingerprints(projects);
  let isAsked = false;
  let stopped = false;
  let work: Promise<void> | undefined;

  async function once(): Promise<void> {
    if (!(await build())) return say('it does not compile; what runs goes on as it is');
    const now = fingerprints(projects);
    const changed = projects.map(({ name }) => name).filter((name) => now.get(name) !== running.get(name));
    running = now;
    if (changed.length === 0) return say('built; nothing that runs has changed');
    const affected = affectedBy(projects, changed);
    say(`changed: ${changed.join(', ')}`);
    if (affected.has(own)) say('the starter itself has changed too: end it and begin again to run it');
    for (const each of processes) {
      if (stopped) return;
      if (affected.has(each.project)) await restart(each);
    }
  }

  async function restart({ name, restart: begin }: Restartable): Promise<void> {
    try {
      await begin();
      say(`${name} runs the new code`);
    } catch (error) {
      // It stays away until the next change.
      say(`${name} did not come up: ${(error as Error).message}`);
    }
  }

  async function loop(): Promise<void> {
    while (isAsked && !stopped) {
      isAsked = false;
      await once();
    }
    work = undefined;
  }

  return {
    changed() {
      isAsked = true;
      if (!stopped) work ??= loop();
    },
    async stop() {
      stopped = true;
      await work;
    },
  };
}

function fingerprints(projects: readonly Project[]): ReadonlyMap<string, string> {
  return new Map(projects.map((project) => [project.name, fingerprint(project)]));
}
