import { malformed, parsed } from '@custos/core-bytes';
import { parseAnswer, verifyAnswer } from '@custos/core-chain';
import { journey, PROBLEM_MEDIA_TYPE, reach, TRACE, unitAnswer, verdict } from '@custos/formats-api';
import { nodeVerify } from '@custos/shell-node-crypto';
import { openPostgres } from '@custos/shell-postgres';
import { AUTHORITY, GTIN, MAKER, TRADER } from './testing/proving-chain.js';
import { LOT, ServedTrace, STRANGER } from './testing/served-trace.js';

const pack = (serial: string, lot = LOT): string => `(01)${GTIN}(21)${serial}(17)280630(10)${lot}`;

describe('trace over HTTP', () => {
  const scene = new ServedTrace();
  const { chain } = scene;
  const get = scene.get.bind(scene);
  const verifyPath = (code: string, rest = ''): string => `/verify?code=${encodeURIComponent(code)}${rest}`;

  beforeAll(() => scene.start());
  afterAll(() => scene.stop());
  afterEach(() => {
    scene.askLeaves = scene.genuine;
  });

  test('absence 10: nothing is public but health and one verdict; metrics are at the watch listener', async () => {
    expect(await get('/health/live')).toMatchObject({ status: 200 });
    expect(await get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect((await scene.watch('/metrics')).body).toContain('custos_follower_height{service="trace"} 2');
    for (const who of [undefined, AUTHORITY]) expect(await get('/metrics', who)).toMatchObject({ status: 404 });
    expect(await scene.watch('/blocks')).toMatchObject({ status: 404 });
    const closed = ['/blocks', `/units/${encodeURIComponent(pack('A'))}`, '/lots/x/reach', '/nothing'];
    for (const path of closed.slice(0, 3)) {
      const refused = await get(path);
      expect(refused).toMatchObject({ status: 401, type: PROBLEM_MEDIA_TYPE, body: { code: 'UNAUTHENTICATED' } });
    }
    expect(await get('/nothing')).toMatchObject({ status: 404, type: PROBLEM_MEDIA_TYPE });
    expect(await get('/blocks', 'somebody')).toMatchObject({ status: 401 });
    expect(await get(verifyPath(pack('A')), 'somebody')).toMatchObject({ status: 401 });
    expect(await get('/blocks', STRANGER)).toMatchObject({ status: 403, body: { code: 'PARTY_UNKNOWN' } });
  });

  test('a unit and its journey, by every form of its code', async () => {
    const forms = [
      pack('A'),
      `01${GTIN}21A`,
      `https://id.gs1.org/01/${GTIN}/21/A`,
      'urn:epc:id:sgtin:4012345.000001.A',
    ];
    for (const form of forms) {
      const { status, body } = await get(`/units/${encodeURIComponent(form)}`, AUTHORITY);
      expect([form, status]).toEqual([form, 200]);
      expect(unitAnswer.parse(body)).toMatchObject({
        asOf: { height: 2 },
        unit: { product: 'Alpenrosin 20 mg', custody: { possessor: { name: 'Alpenrose Pharma' } } },
      });
    }
    const { body } = await get(`/units/${encodeURIComponent(forms[2]!)}/journey`, AUTHORITY);
    expect(journey.parse(body).steps).toMatchObject([{ step: 'commissioning', height: 2, finality: 'final' }]);
    expect(await get(`/units/${encodeURIComponent(pack('A'))}`, TRADER)).toMatchObject({
      body: { unit: { custody: 'hidden' } },
    });
    expect(await get(`/units/${encodeURIComponent(pack('C'))}/journey`, AUTHORITY)).toMatchObject({ status: 404 });
  });

  test('bad input is answered with what to send instead', async () => {
    const wrongDigit = encodeURIComponent(`(01)04012345000017(21)A`);
    for (const path of [`/units/${wrongDigit}`, `/units/${wrongDigit}/journey`, `/lots/${wrongDigit}/reach`])
      expect(await get(path, AUTHORITY)).toMatchObject({
        status: 400,
        type: PROBLEM_MEDIA_TYPE,
        body: { code: 'CHECK_DIGIT_WRONG', fix: expect.any(String) },
      });
    expect(await get(`/units/${encodeURIComponent(`(01)${GTIN}`)}`, AUTHORITY)).toMatchObject({
      body: { code: 'NOT_A_UNIT' },
    });
    expect(await get('/blocks?limit=0', AUTHORITY)).toMatchObject({ status: 400, body: { field: 'limit' } });
    expect(await get('/blocks?depth=1', AUTHORITY)).toMatchObject({ status: 400 });
    expect(await get('/verify', AUTHORITY)).toMatchObject({ status: 400, body: { field: 'code' } });
    expect(await get(`/units/${'9'.repeat(600)}`, AUTHORITY)).toMatchObject({
      status: 414,
      type: PROBLEM_MEDIA_TYPE,
      body: { code: 'URI_TOO_LONG', field: 'path' },
    });
  });

  test('A3: reach is for the owner of the GTIN and for regulators', async () => {
    const forms = [
      `https://id.gs1.org/01/${GTIN}/10/${LOT}`,
      `urn:epc:class:lgtin:4012345.000001.${LOT}`,
      `URN:EPC:class:lgtin:4012345.000001.${LOT}`,
      `(01)${GTIN}(10)${LOT}`,
    ];
    for (const form of forms) {
      const { body } = await get(`/lots/${encodeURIComponent(form)}/reach`, AUTHORITY);
      expect(reach.parse(body)).toMatchObject({
        lot: forms[0],
        units: 2,
        holders: [{ party: MAKER, packs: 2, verified: 2 }],
      });
    }
    const path = `/lots/${encodeURIComponent(forms[0]!)}/reach`;
    expect(await get(path, MAKER)).toMatchObject({ status: 200 });
    expect(await get(path, TRADER)).toMatchObject({ status: 403, body: { code: 'NOT_VISIBLE' } });
    expect(await get(path.replace(LOT, 'L9'), AUTHORITY)).toMatchObject({ status: 404 });
  });

  test('V1, V2: anybody may verify; rows and proven leaves say the same', async () => {
    const cases: readonly (readonly [string, string])[] = [
      [pack('A'), 'VERIFIED'],
      [pack('C'), 'UNKNOWN'],
      [pack('A', 'L2'), 'MISMATCH'],
      [`(01)${GTIN}(21)A`, 'INCOMPLETE'],
      [`(01)04023456000017(21)A`, 'NOT_COVERED'],
      ['not a code', 'MALFORMED_SCAN'],
    ];
    for (const [code, expected] of cases) {
      const plain = verdict.parse((await get(verifyPath(code))).body);
      const { proof, ...proven } = verdict.parse((await get(verifyPath(code, '&proof=true'))).body);
      expect([code, plain.verdict]).toEqual([code, expected]);
      expect(proven).toEqual(plain);
      // V2: of a pack whose four elements were not shown nothing is proven.
      const isProvable = ['VERIFIED', 'UNKNOWN', 'NOT_COVERED'].includes(expected);
      expect([code, proof !== undefined]).toEqual([code, isProvable]);
    }
    expect(await get(verifyPath(pack('A'), '&purpose=dispense&market=DE'), TRADER)).toMatchObject({ status: 200 });
    // V3: caps lock.
    const mangled = await get(verifyPath(pack('a').replace(LOT, 'l1')));
    expect(mangled).toMatchObject({
      body: { verdict: 'VERIFIED', reasons: [{ code: 'MALFORMED_SCAN', facts: { kind: 'case flip' } }] },
    });
  });

  test('L7: the proof holds for whoever pins genesis; one that does not is never passed on', async () => {
    const { hasher, networkId, validators } = chain.network.trust;
    const { body } = await get(verifyPath(pack('A'), '&proof=true'));
    const bundle = parseAnswer(body.proof);
    const answer = bundle.ok ? verifyAnswer(hasher, { networkId, epoch: 0, validators }, bundle.value) : bundle;
    expect(answer).toMatchObject({ ok: true });
    if (answer.ok) expect(await nodeVerify(answer.value.checks)).toBe(true);

    scene.askLeaves = async (keys) => {
      const good = chain.leaves(keys);
      if (!good.ok) return good;
      return parsed({ ...good.value, leaves: good.value.leaves.map((leaf) => ({ ...leaf, value: { public: {} } })) });
    };
    expect(await get(verifyPath(pack('A'), '&proof=true'))).toMatchObject({
      status: 502,
      body: { code: 'PROOF_WRONG' },
    });
    scene.askLeaves = async () => malformed('JSON_INVALID', '', 'send JSON');
    expect(await get(verifyPath(pack('A'), '&proof=true'))).toMatchObject({ status: 502 });
    scene.askLeaves = () => Promise.reject(new Error('away'));
    expect(await get(verifyPath(pack('A'), '&proof=true'))).toMatchObject({ status: 503, body: { code: 'AWAY' } });
  });

  test('absence 4: while rows are built anew there is no answer from half of them', async () => {
    const postgres = openPostgres({ url: scene.url });
    const set = (caughtUp: boolean) =>
      postgres.query(`UPDATE readmodel.projection SET caught_up = $1 WHERE name = 'units'`, [caughtUp]);
    await set(false);
    const refused = await get(verifyPath(pack('A')));
    const others = await get('/blocks', AUTHORITY);
    await set(true);
    await postgres.close();
    expect(refused).toMatchObject({ status: 503, body: { code: 'AWAY', away: 'The chain' } });
    expect(others).toMatchObject({ status: 200 });
    expect(await get(verifyPath(pack('A')))).toMatchObject({ body: { verdict: 'VERIFIED' } });
  });

  test('blocks, newest first or from a height on, with proposer and signers by name', async () => {
    const { body } = await get('/blocks?limit=5', AUTHORITY);
    const { blocks } = TRACE.blocks.output.parse(body);
    expect(blocks.map(({ height }) => height)).toEqual([2, 1]);
    // Three of four.
    expect(blocks[0]!.signers).toEqual(['Bundesstelle Arzneimittel', 'Löwen-Apotheke', 'Nordlicht Grosshandel']);
    expect(blocks[0]!.proposerName).toBe('Nordlicht Grosshandel');
    expect((await get('/blocks?from=2', AUTHORITY)).body.blocks).toMatchObject([{ height: 2, transactions: 1 }]);
  });
});
