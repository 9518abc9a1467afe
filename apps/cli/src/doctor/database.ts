import { openPostgres } from '@custos/shell-postgres';
import { ok, wordsOf, wrong, type Finding } from './finding.js';
import { judgeClock } from './clock.js';

/** UNNEST with several arrays, identity columns and what else the statements use is older; this is what is tested. */
const LEAST_MAJOR = 14;

export async function checkPostgres(url: string): Promise<readonly Finding[]> {
  const at = placeOf(url);
  const postgres = openPostgres({ url, connections: 1, applicationName: 'custos-doctor' });
  try {
    await postgres.health();
    const asked = Date.now();
    const { rows } = await postgres.query<{ version: string; encoding: string; time: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
         (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS time`,
    );
    const answered = Date.now();
    const { version, encoding, time } = rows[0]!;
    const found: Finding[] = [ok('postgres', `${at} answers in ${answered - asked} ms, version ${version}`)];
    if (Number.parseInt(version) < LEAST_MAJOR)
      found.push(wrong('postgres', `version ${version}`, `use Postgres ${LEAST_MAJOR} or newer`));
    if (encoding !== 'UTF8')
      found.push(wrong('postgres', `encoding ${encoding}: names do not fit`, 'make the database with ENCODING UTF8'));
    found.push(judgeClock(at, { from: Number(time), to: Number(time) }, { from: asked, to: answered }));
    return found;
  } catch (error) {
    return [
      wrong('postgres', `${at}: ${wordsOf(error)}`, 'start it, or set CUSTOS_POSTGRES (or --postgres) to its address'),
    ];
  } finally {
    await postgres.close();
  }
}

/** Without the password. */
function placeOf(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return host + pathname;
  } catch {
    return 'the address';
  }
}
