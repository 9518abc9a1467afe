import {
  differenceOf,
  exampleUrl,
  parseInput,
  problem,
  SYSTEM,
  SYSTEM_EXAMPLES,
  TRACE,
  TRACE_EXAMPLES,
  type Route,
  type RouteExample,
} from '@custos/formats-api';
import { AUTHORITY, TRADER } from './testing/proving-chain.js';
import { ServedTrace } from './testing/served-trace.js';
import { traceDocument } from './trace-document.js';

const ROUTES: readonly Route[] = [...Object.values<Route>(TRACE), ...Object.values<Route>(SYSTEM)];
const ASKERS: Readonly<Record<string, string>> = { regulator: AUTHORITY, distributor: TRADER };
const EXAMPLES = [...TRACE_EXAMPLES, ...SYSTEM_EXAMPLES];
const titled = EXAMPLES.map((one): [string, RouteExample] => [`${one.route}, ${one.name}: ${one.summary}`, one]);

describe('what the document of trace shows', () => {
  const scene = new ServedTrace();
  beforeAll(() => scene.start());
  afterAll(() => scene.stop());

  it.each(titled)('%s', async (_title, example) => {
    const route = ROUTES.find(({ name }) => name === example.route)!;
    const path = exampleUrl(route.path, example);
    const asked = route.access === 'watch' ? scene.watch(path) : scene.get(path, ASKERS[example.by ?? '']);
    const { status, type, body } = await asked;
    expect([status, type]).toEqual([
      example.status,
      status >= 400 ? 'application/problem+json' : (route.media ?? 'application/json'),
    ]);
    if (example.answer === undefined) return;
    expect(differenceOf(example.answer, body)).toBeUndefined();
    expect(parseInput(status >= 400 ? problem : route.output, example.answer)).toMatchObject({ ok: true });
  });

  it('every route has an example, and anybody may read the document', async () => {
    expect(ROUTES.map(({ name }) => name)).toEqual([...new Set(EXAMPLES.map(({ route }) => route))]);
    expect((await scene.get('/docs/openapi.json')).body).toEqual(JSON.parse(JSON.stringify(traceDocument())));
  });
});
