import { pause } from '../child.js';
import type { Answer } from '../http.js';
import type { Stage } from '../stage.js';
import { memberOf } from '../topology.js';
import { newGoods, PACKS_A_CASE, serialOf, type Goods } from './goods.js';
import { postUntilFinal } from './post-until-final.js';
import { expectEqual, expectStatus, milliseconds, table, UnexpectedOutcome, type Narrator } from './narration.js';

/** How long trace may be behind a block that its reader knows to be final. */
const TRACE_LIMIT_MS = 10_000;
/** How long a validator that was killed may take to catch up. */
const CATCH_UP_LIMIT_MS = 30_000;
const POLL_MS = 50;

/** What became of the goods, for whoever looks at them afterwards. */
export interface Life {
  readonly goods: Goods;
  readonly dispensed: string;
  /** Height of the last task: what every reader must have reached. */
  readonly height: number;
  /** Milliseconds from request to the final answer, of every task. */
  readonly finality: readonly number[];
}

/** One pallet from factory to patient, through the HTTP interfaces alone. Throws when a step comes out wrong. */
export async function playLife(stage: Stage, narrator: Narrator): Promise<Life> {
  const goods = newGoods(new Date());
  const life = storyteller(stage, narrator);
  await manufacture(life, goods);
  await distribute(life, goods);
  const dispensed = await dispense(life, goods);
  await dispenseAgain(life, dispensed);
  await verifyCounterfeit(life, goods);
  await recall(life, goods);
  await printJourney(life, dispensed);
  await loseValidator(life, goods);
  return { goods, dispensed, height: life.height(), finality: life.finality };
}

interface Storyteller {
  readonly stage: Stage;
  readonly narrator: Narrator;
  readonly finality: number[];
  height(): number;
  /** Posts a task and expects it accepted and final. */
  accepted(member: string, path: string, body: unknown, what: string): Promise<Record<string, unknown>>;
  /** Posts a task and expects the law to refuse it, on the chain. */
  refused(member: string, path: string, body: unknown, status: number, code: string): Promise<Record<string, unknown>>;
  /** Asks trace, once it knows all that was told so far. */
  ask(path: string, as?: string): Promise<Answer>;
}

function storyteller(stage: Stage, narrator: Narrator): Storyteller {
  let height = 0;
  const finality: number[] = [];
  return {
    stage,
    narrator,
    finality,
    height: () => height,
    async accepted(member, path, body, what) {
      const answer = await postUntilFinal(stage.service(member), path, body);
      const final = expectStatus(answer, 201, what);
      height = Math.max(height, final.height as number);
      finality.push(answer.took);
      narrator.line(
        `${memberOf(stage.topology, member).title}: ${what}; final at height ${height} after ${milliseconds(answer.took)}`,
      );
      return final;
    },
    async refused(member, path, body, status, code) {
      const answer = await postUntilFinal(stage.service(member), path, body);
      const problem = expectStatus(answer, status, code);
      expectEqual(problem.code, code, 'the code of the refusal');
      if (typeof problem.height !== 'number') throw new UnexpectedOutcome('the attempt is not on the chain', problem);
      height = Math.max(height, problem.height);
      narrator.line(
        `refused: ${code}; the attempt stands on the chain at height ${problem.height} (${milliseconds(answer.took)})`,
      );
      narrator.line(`  ${JSON.stringify(problem.facts)}`);
      return problem;
    },
    async ask(path, as) {
      await untilTrace(stage, height);
      return stage.traceAs(as).get(path);
    },
  };
}

async function untilTrace(stage: Stage, height: number): Promise<void> {
  const deadline = Date.now() + TRACE_LIMIT_MS;
  for (;;) {
    const { body } = await stage.traceAs('regulator').get('/blocks?limit=1');
    const known = (body as { asOf?: { height: number } }).asOf?.height ?? -1;
    if (known >= height) return;
    if (Date.now() > deadline) throw new UnexpectedOutcome(`trace has not reached height ${height}`, body);
    await pause(POLL_MS);
  }
}

async function manufacture(life: Storyteller, goods: Goods): Promise<void> {
  const { narrator, stage } = life;
  narrator.step(1, 'The manufacturer makes 12 packs, puts them into 3 cases on 1 pallet, and ships it');
  const line = memberOf(stage.topology, 'manufacturer').locations[0]!.gln;
  await registerProduct(life, goods);
  const batch = { lot: goods.lot, expiry: goods.expiry, location: line };
  await life.accepted('manufacturer', '/commissionings', { codes: goods.packs, ...batch }, 'commissioned 12 packs');
  await life.accepted('manufacturer', '/commissionings', { codes: goods.cases, ...batch }, 'commissioned 3 cases');
  await life.accepted(
    'manufacturer',
    '/commissionings',
    { codes: [goods.pallet], location: line },
    'commissioned the pallet',
  );
  for (const [i, carton] of goods.cases.entries()) {
    const children = goods.packs.slice(i * PACKS_A_CASE, (i + 1) * PACKS_A_CASE);
    const packing = { action: 'packing', container: carton, children, location: line };
    await life.accepted('manufacturer', '/aggregations', packing, `packed case ${i + 1}`);
  }
  const palletizing = { action: 'packing', container: goods.pallet, children: goods.cases, location: line };
  await life.accepted('manufacturer', '/aggregations', palletizing, 'packed the pallet');
  const { gln, locations } = memberOf(stage.topology, 'distributor');
  const order = {
    receiver: gln,
    owner: gln,
    destination: locations[0]!.gln,
    documents: [{ type: 'po', id: 'PO-2041' }],
  };
  await life.accepted('manufacturer', '/shipments', { codes: [goods.pallet], ...order }, 'shipped the pallet');
}

async function registerProduct(life: Storyteller, goods: Goods): Promise<void> {
  const product = {
    gtin: goods.gtin,
    name: 'Alpenrosin 20 mg, 30 tablets',
    markets: ['DE'],
    content: { amount: 30, uom: 'tablet' },
    levels: [{ gtin: goods.caseGtin, name: 'case', packs: PACKS_A_CASE }],
  };
  const answer = await postUntilFinal(life.stage.service('manufacturer'), '/products', product);
  // A second run on the same data finds the product of the first.
  if (answer.status === 409) return life.narrator.line('the product is registered already');
  const { height } = expectStatus(answer, 201, 'registering the product');
  life.narrator.line(
    `registered ${product.name}, GTIN ${goods.gtin}; final at height ${height} after ${milliseconds(answer.took)}`,
  );
}

async function distribute(life: Storyteller, goods: Goods): Promise<void> {
  const { narrator, stage } = life;
  narrator.step(2, 'The distributor scans the SSCC alone, unpacks one case, and ships it on');
  const warehouse = memberOf(stage.topology, 'distributor').locations[0]!.gln;
  const carton = goods.cases[0]!;
  await life.accepted(
    'distributor',
    '/receivings',
    { codes: [goods.pallet], location: warehouse },
    'received the pallet',
  );
  const unpacking = { action: 'unpacking', container: goods.pallet, children: [carton], location: warehouse };
  await life.accepted('distributor', '/aggregations', unpacking, 'unpacked case 1');
  const { gln } = memberOf(stage.topology, 'pharmacy');
  const order = { receiver: gln, owner: gln, location: warehouse, documents: [{ type: 'po', id: 'PO-7713' }] };
  await life.accepted('distributor', '/shipments', { codes: [carton], ...order }, 'shipped case 1');
}

async function dispense(life: Storyteller, goods: Goods): Promise<string> {
  const { narrator, stage } = life;
  narrator.step(3, 'The pharmacy receives the case, opens it, verifies one pack and dispenses it');
  const counter = memberOf(stage.topology, 'pharmacy').locations[0]!.gln;
  const [carton, pack] = [goods.cases[0]!, goods.packs[0]!];
  await life.accepted('pharmacy', '/receivings', { codes: [carton], location: counter }, 'received case 1');
  const unpacking = { action: 'unpacking', container: carton, verified: true, location: counter };
  await life.accepted('pharmacy', '/aggregations', unpacking, 'unpacked all of case 1');
  const query = `/verify?code=${encodeURIComponent(pack)}&purpose=dispense&market=DE`;
  const verification = await stage.service('pharmacy').get(query);
  const { verdict } = expectStatus(verification, 200, 'verifying the pack');
  expectEqual(verdict, 'VERIFIED_SALEABLE', 'the verdict on a good pack');
  narrator.line(`verified ${pack}: ${verdict} (${milliseconds(verification.took)})`);
  await life.accepted('pharmacy', '/dispensations', { codes: [pack], location: counter }, 'dispensed the pack');
  return pack;
}

async function dispenseAgain(life: Storyteller, pack: string): Promise<void> {
  life.narrator.step(4, 'The same serial is dispensed again');
  await life.refused('pharmacy', '/dispensations', { codes: [pack] }, 409, 'ALREADY_DISPENSED');
}

async function verifyCounterfeit(life: Storyteller, goods: Goods): Promise<void> {
  life.narrator.step(5, 'Someone scans a pack whose serial was never commissioned');
  const answer = await life.ask(`/verify?code=${encodeURIComponent(goods.counterfeit)}`);
  const { verdict, reasons } = expectStatus(answer, 200, 'verifying the counterfeit');
  expectEqual(verdict, 'UNKNOWN', 'the verdict on a serial that does not exist');
  life.narrator.line(`verified ${goods.counterfeit}: ${String(verdict)} (${milliseconds(answer.took)})`);
  life.narrator.line(`  ${JSON.stringify(reasons)}`);
}

async function recall(life: Storyteller, goods: Goods): Promise<void> {
  const { narrator } = life;
  narrator.step(6, 'The manufacturer recalls the lot; who holds it is one question');
  const notice = {
    gtin: goods.gtin,
    lot: goods.lot,
    id: `R-${goods.lot}`,
    class: 1,
    depth: 'patient',
    markets: ['DE'],
  };
  await life.accepted('manufacturer', '/recalls', notice, `recalled lot ${goods.lot}`);
  await life.refused('pharmacy', '/dispensations', { codes: [goods.packs[1]!] }, 409, 'NOT_SALEABLE_RECALLED');
  const lgtin = encodeURIComponent(`https://id.gs1.org/01/${goods.gtin}/10/${goods.lot}`);
  const answer = await life.ask(`/lots/${lgtin}/reach`, 'regulator');
  const reach = expectStatus(answer, 200, 'asking for the reach') as unknown as Reach;
  for (const row of table([REACH_HEAD, ...reach.holders.map(reachRow)])) narrator.line(row);
  narrator.line(`found in ${milliseconds(reach.took)} in the database, ${milliseconds(answer.took)} in all`);
  const packs = (holder: string) => reach.holders.find(({ partyName }) => partyName === holder)?.packs;
  const { topology } = life.stage;
  expectEqual(
    packs(memberOf(topology, 'distributor').title),
    (goods.cases.length - 1) * PACKS_A_CASE,
    'packs at the distributor',
  );
  expectEqual(
    packs(memberOf(topology, 'pharmacy').title),
    PACKS_A_CASE,
    'packs at the pharmacy, the dispensed one too',
  );
}

interface Reach {
  readonly took: number;
  readonly holders: readonly Holder[];
}
interface Holder {
  readonly partyName: string;
  readonly packs: number;
  readonly verified: number;
  readonly inferred: number;
  readonly inTransit: number;
  readonly dispensed: number;
}
const REACH_HEAD = ['possessor', 'packs', 'verified', 'inferred', 'in transit', 'dispensed'];

function reachRow(holder: Holder): readonly string[] {
  const { partyName, packs, verified, inferred, inTransit, dispensed } = holder;
  return [partyName, ...[packs, verified, inferred, inTransit, dispensed].map(String)];
}

async function printJourney(life: Storyteller, pack: string): Promise<void> {
  life.narrator.step(7, 'The journey of the dispensed pack, also what it lived inside its case and pallet');
  const answer = await life.ask(`/units/${encodeURIComponent(serialOf(pack))}/journey`, 'regulator');
  const { steps } = expectStatus(answer, 200, 'asking for the journey') as unknown as { steps: readonly JourneyStep[] };
  for (const row of table([JOURNEY_HEAD, ...steps.map(journeyRow)])) life.narrator.line(row);
  expectEqual(
    steps.filter(({ outcome }) => outcome === 'accepted').map(({ step }) => step),
    [
      'commissioning',
      'packing',
      'packing',
      'shipping',
      'receiving',
      'unpacking',
      'shipping',
      'receiving',
      'unpacking',
      'dispensing',
    ],
    'the steps of the journey',
  );
}

interface JourneyStep {
  readonly height: number;
  readonly step: string;
  readonly outcome: string;
  readonly refusal?: string;
  readonly partyName: string;
  readonly signer: string;
  readonly through: string | null;
  readonly finality: string;
}
const JOURNEY_HEAD = ['height', 'step', 'by', 'signed with', 'inside', 'outcome'];

function journeyRow(step: JourneyStep): readonly string[] {
  const outcome = step.refusal ? `refused: ${step.refusal}` : step.finality;
  return [String(step.height), step.step, step.partyName, step.signer.slice(0, 8), shortCode(step.through), outcome];
}

async function loseValidator(life: Storyteller, goods: Goods): Promise<void> {
  const { narrator, stage } = life;
  narrator.step(8, "The regulator's validator is killed; work goes on; it comes back and catches up");
  const validator = stage.validators.get('regulator');
  if (!validator) return narrator.line('left out: whoever plays this has no hand on the processes');
  const { pid } = validator;
  await validator.kill();
  narrator.line(`${validator.name} (process ${pid}) got SIGKILL`);
  const carton = goods.cases[1]!;
  const unpacking = { action: 'unpacking', container: goods.pallet, children: [carton] };
  await life.accepted('distributor', '/aggregations', unpacking, 'unpacked case 2, with three validators of four');
  await validator.start();
  const took = await untilValidator(stage, 'regulator', life.height());
  narrator.line(
    `${validator.name} (process ${validator.pid}) is back and at height ${life.height()} after ${milliseconds(took)}`,
  );
}

async function untilValidator(stage: Stage, name: string, height: number): Promise<number> {
  const begun = performance.now();
  let known = -1;
  while (performance.now() - begun < CATCH_UP_LIMIT_MS) {
    known = (await stage.validatorStatus(name)).height;
    if (known >= height) return performance.now() - begun;
    await pause(POLL_MS);
  }
  throw new UnexpectedOutcome(`${name}'s validator has not reached height ${height}`, { height: known });
}

/** A Digital Link without its stem: `00/340123451111111111`. */
function shortCode(link: string | null): string {
  return link?.replace('https://id.gs1.org/', '') ?? '';
}
