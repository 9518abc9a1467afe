import { TRACE } from '@custos/formats-api';
import { judgeCode, answerWithProof, VERDICT_READS } from '@custos/node-epcis-repository';
import { asking, type Sent } from '../asking.js';
import type { TraceWorld } from '../world.js';

/** V1: one verdict on one code. With a proof it is judged from the proven leaves alone, never from rows. */
export async function answerVerify(world: TraceWorld, request: { readonly headers: Sent; readonly query: unknown }) {
  const { network, askLeaves, log } = world;
  const judged = await asking(world, TRACE.verify, VERDICT_READS, request, ({ asker, snapshot, query }) =>
    judgeCode(asker, snapshot, query),
  );
  if ('shown' in judged) return judged.shown;
  return answerWithProof({ trust: network.trust, askLeaves, log }, judged.question, judged.keys);
}
