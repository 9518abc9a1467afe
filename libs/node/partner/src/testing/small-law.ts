import { orReject, type Json, type JsonObject } from '@custos/core-bytes';
import { decodeTransaction, type Receipt } from '@custos/core-chain';
import { execute } from '@custos/core-execution';
import { mapView, type Entry } from '@custos/core-state';
import type { TaskName } from '@custos/formats-api';
import { nodeHasher, nodeVerify } from '@custos/shell-node-crypto';
import { createPen, type Draft } from '../capture/drafts.js';
import { genesisDocument, identityIn, MAKER, PRODUCT, type Member } from './members.js';
import type { TaskPlan } from '../tasks/task-table.js';
import { planTask } from './plan-task.js';

// The real law over a state in memory: what a service signs is judged block by block.

export const START = Date.parse('2026-01-05T08:00:00Z');
export const SALT = '5a'.repeat(32);

export class SmallLaw {
  private readonly network;
  readonly state: Map<string, Entry>;
  private height = 0;
  now = START + 60_000;

  /** All places lie in one country, whose rules differ from the EU's in these. */
  constructor(rules: JsonObject = {}) {
    const here = { countries: { DE: 'HERE' }, ruleSets: { HERE: rules } };
    const genesis = { ...(genesisDocument(START) as JsonObject), ...here };
    this.network = identityIn(genesis, MAKER).network;
    this.state = new Map(this.network.genesis.entries);
  }

  /** The plan of a task; throws when its body is refused. */
  plan(member: Member, name: TaskName, body: unknown): TaskPlan {
    return orReject(planTask(name, body, this.contextOf(member)));
  }

  contextOf(member: Member) {
    return { party: member.gln, now: this.now, hasher: nodeHasher, salt: () => SALT };
  }

  /** Signs it and executes it in a block of its own. */
  async judge(member: Member, draft: Draft): Promise<readonly Receipt[]> {
    const { networkId } = this.network.trust;
    const { bytes } = await createPen({
      hasher: nodeHasher,
      networkId,
      signer: member.key,
      verify: nodeVerify,
      now: () => this.now,
    }).sign(draft);
    const transactions = [orReject(decodeTransaction(nodeHasher, networkId, bytes))];
    this.now += 1_000;
    const block = { height: ++this.height, timestamp: this.now, transactions };
    const { changes, receipts } = orReject(execute(mapView(this.state), block, nodeHasher, networkId));
    for (const { key, after } of changes) {
      if (after) this.state.set(key, after);
      else this.state.delete(key);
    }
    return receipts;
  }

  async task(member: Member, name: TaskName, body: unknown): Promise<readonly Receipt[]> {
    return this.judge(member, this.plan(member, name, body).draft);
  }

  /** As `task`; a refusal, or a warning that no test expects, is a failure of it. */
  async done(member: Member, name: TaskName, body: unknown): Promise<readonly JsonObject[]> {
    const plan = this.plan(member, name, body);
    const receipts = await this.judge(member, plan.draft);
    const bad = receipts.filter(({ outcome, warnings }) => outcome === 'refused' || warnings.length > 0);
    if (bad.length > 0) throw new Error(JSON.stringify(bad));
    return plan.draft.parts.slice(1) as readonly JsonObject[];
  }

  unit(key: string): Json | undefined {
    return this.state.get(key)?.private;
  }

  static async withProduct(rules?: JsonObject): Promise<SmallLaw> {
    const law = new SmallLaw(rules);
    await law.done(MAKER, 'registerProduct', PRODUCT);
    return law;
  }
}
