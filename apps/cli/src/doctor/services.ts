import { judgeClock } from './clock.js';
import { isTimeout, note, ok, wordsOf, wrong, type Finding } from './finding.js';

const ANSWER_MS = 3_000;
const SECOND_MS = 1_000;

export interface WatchedService {
  readonly name: string;
  /** `http://host:port`. */
  readonly origin: string;
}

/** Whether each lives, is ready, and has our time. */
export async function checkServices(services: readonly WatchedService[]): Promise<readonly Finding[]> {
  return (await Promise.all(services.map(checkService))).flat();
}

async function checkService({ name, origin }: WatchedService): Promise<readonly Finding[]> {
  const asked = Date.now();
  try {
    const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(ANSWER_MS) });
    const answered = Date.now();
    const { status, missing = [] } = (await response.json()) as { status?: string; missing?: readonly string[] };
    const found: Finding[] = [];
    const what = `${name} at ${origin}`;
    if (status === 'ok') found.push(ok('services', `${what} is ready, ${answered - asked} ms`));
    else if (status === 'waiting')
      found.push(wrong('services', `${what} waits for ${missing.join(', ')}`, fixOf(missing)));
    else
      found.push(
        wrong(
          'services',
          `${what} answers ${response.status}, and not as a service of Custos`,
          'look who listens there',
        ),
      );
    const date = Date.parse(response.headers.get('date') ?? '');
    // HTTP tells whole seconds.
    if (!Number.isNaN(date))
      found.push(judgeClock(name, { from: date, to: date + SECOND_MS }, { from: asked, to: answered }));
    return found;
  } catch (error) {
    if (isTimeout(error)) return [hangs(name, origin)];
    return [wrong('services', `${name} at ${origin}: ${wordsOf(error)}`, 'start it; its log says why it ended')];
  }
}

function hangs(name: string, origin: string): Finding {
  const text = `${name} at ${origin} accepts connections, and has not answered after ${ANSWER_MS / SECOND_MS} s`;
  return wrong('services', text, 'its log says what it waits for; if it says nothing more, restart it');
}

function fixOf(missing: readonly string[]): string {
  return `bring ${missing.join(' and ')} back; the service goes on by itself`;
}

export function notStarted(count: number): Finding {
  if (count === 0) return note('services', 'no address of a service is known');
  return note('services', `none of ${count} services runs; npm run demo starts them`);
}
