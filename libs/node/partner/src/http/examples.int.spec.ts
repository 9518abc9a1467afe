import type { Json, JsonObject } from '@custos/core-bytes';
import {
  differenceOf,
  EPCIS,
  exampleUrl,
  JOBS,
  parseInput,
  PARTNER_STORY,
  problem,
  SYSTEM,
  SYSTEM_EXAMPLES,
  TASKS,
  type Route,
  type RouteExample,
} from '@custos/formats-api';
import { FourHosts, following, type Answer, type Service } from '../testing/four-hosts.js';
import { MAKER, PHARMACY, TRADER } from '../testing/members.js';
import { partnerDocument } from './partner-document.js';
import { until } from '../testing/until.js';

const ROUTES: readonly Route[] = [TASKS, JOBS, EPCIS, SYSTEM].flatMap((contracts) => Object.values<Route>(contracts));
const routeOf = ({ route }: RouteExample): Route => ROUTES.find(({ name }) => name === route)!;
const titleOf = ({ route, name, summary, status }: RouteExample) =>
  [`${route}, ${name}: ${summary} (${status})`] as const;

describe('what the documents of partner services show', () => {
  const hosts = new FourHosts();
  const services: Record<string, Service> = {};
  /** Ids of the documents, and what they are in this run. */
  const ids = new Map<string, string>();

  beforeAll(async () => {
    await hosts.startValidators();
    const members = { manufacturer: MAKER, distributor: TRADER, pharmacy: PHARMACY };
    for (const [role, member] of Object.entries(members))
      services[role] = await hosts.startService(member, await hosts.freshDatabase());
    // Answers before anything is final.
    services.hurried = await hosts.startService(MAKER, await hosts.freshDatabase(), 0);
    await following(...Object.values(services));
  });
  afterAll(() => hosts.stop());

  const isLate = ({ status, answer, route }: RouteExample) =>
    (status === 202 && answer !== undefined) || route === 'job';

  async function send(example: RouteExample): Promise<Answer> {
    const { by = 'manufacturer', headers, body, params = {} } = example;
    const service = services[isLate(example) ? 'hurried' : by]!;
    const route = routeOf(example);
    const known = Object.fromEntries(Object.entries(params).map(([name, id]) => [name, ids.get(id) ?? id]));
    const path = exampleUrl(route.path, { ...example, params: known });
    const origin = route.access === 'watch' ? service.watchOrigin : service.origin;
    if (route.media) return { ...(await raw(origin + path)), body: {} };
    if (route.method === 'OPTIONS') return service.options(path, { headers });
    return route.method === 'GET' ? service.get(path, { headers }) : service.post(path, body, { headers });
  }

  const raw = async (url: string): Promise<Omit<Answer, 'body'>> => {
    const { status, headers } = await fetch(url);
    return { status, headers, type: headers.get('content-type') ?? '' };
  };

  it.each(PARTNER_STORY.map((example) => [...titleOf(example), example] as const))('%s', async (_title, example) => {
    let said = '';
    let answer!: Answer;
    const isAsDocumented = async () => {
      answer = await send(example);
      const body: Json = answer.body;
      const status = answer.status === example.status ? '' : `${answer.status}: ${JSON.stringify(body)}`;
      said = status || (differenceOf(example.answer ?? {}, body) ?? '');
      return said === '';
    };
    // A job becomes what it is documented to become; everything else is so at once.
    if (example.params?.job) await until(isAsDocumented, 'the job');
    else await isAsDocumented();
    expect(said).toBe('');
    const location = answer.headers.get('location') ?? undefined;
    if (location === undefined || example.location === undefined) expect(location).toBe(example.location);
    else expect(differenceOf(example.location, location)).toBeUndefined();
    const [documented, real] = [example.location, location].map((path) => path?.split('/').at(-1));
    if (documented !== undefined && real !== undefined) ids.set(documented, real);
  });

  it.each(SYSTEM_EXAMPLES.map((example) => [...titleOf(example), example] as const))('%s', async (_title, example) => {
    const answer = await send(example);
    expect(answer.status).toBe(example.status);
    expect(answer.type).toContain(routeOf(example).media ?? 'application/json');
    if (example.answer !== undefined) expect(differenceOf(example.answer, answer.body)).toBeUndefined();
  });

  it('serves the document of its roles to anybody, and a page that shows it', async () => {
    for (const [role, { origin }] of Object.entries(services)) {
      if (role === 'hurried') continue;
      const document = (await (await fetch(`${origin}/docs/openapi.json`)).json()) as JsonObject;
      expect(document).toEqual(JSON.parse(JSON.stringify(partnerDocument([role as 'pharmacy']))));
      const page = await fetch(`${origin}/docs`);
      const policy = page.headers.get('content-security-policy');
      expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+';/);
      expect(await page.text()).toContain(`<title>Custos partner service: ${role}</title>`);
    }
  });

  it.each(PARTNER_STORY.map((example) => [...titleOf(example), example] as const))(
    '%s: fits its contract',
    (_title, example) => {
      const { status, answer, body } = example;
      const route = routeOf(example);
      if (body !== undefined && status < 300) expect(parseInput(route.input, body)).toMatchObject({ ok: true });
      if (answer === undefined) return;
      const schema = status >= 400 ? problem : status === route.success ? route.output : route.pending!;
      expect(parseInput(schema, answer)).toMatchObject({ ok: true });
    },
  );
});
