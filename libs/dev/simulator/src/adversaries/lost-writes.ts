import { decodeVotesMessage } from '@custos/core-chain';
import { consensusStatus } from '@custos/core-consensus';
import { VOTE, type VoteKind } from '@custos/core-finality';
import { laneName, laneOwner } from '@custos/shell-lanes';
import { NETWORK } from '../members.js';
import type { Disturb } from '../run.js';
import { QUIET } from '../schedule.js';
import type { Place, Simulation } from '../simulation.js';

/** Votes come to be in the first view, well before anybody's time is over. Virtual milliseconds. */
const FIRST_VIEW_MS = 350;

const GOES_ON_WITHIN = 60_000;

/**
 * All vote N for a block and none hears of it; then the power fails, the broker forgets, and the leader does not
 * come back. The three others repeat their N: who then holds no body has notarised what no one can build on.
 */
export const bodyWithoutItsLeader: Disturb = async (simulation) => {
  const [leader, ...others] = leaderAndOthers(simulation);
  simulation.setWire({ ...QUIET, isCut: (lane) => lane.includes('.votes.') });
  await simulation.submit(others[0].index);
  const haveVoted = (): boolean => others.every((place) => hasSent(simulation, place, VOTE.notarize));
  await simulation.time.runUntil(haveVoted, 'three N', FIRST_VIEW_MS);
  await goOnWithout(simulation, leader);
};

/**
 * One validator alone sees the third N, which is the leader's, and votes F; one has the block; one has nothing. Then
 * as above. Two N and two S at most are left: only the certificate under that F can close the view.
 */
export const certificateWithoutItsLeader: Disturb = async (simulation) => {
  const [leader, finalizer, , bystander] = leaderAndOthers(simulation);
  const isCut = (lane: string, reader: string): boolean =>
    lane.includes('.votes.') ? reader !== finalizer.member.gln : isProposalTo(lane, reader, bystander);
  simulation.setWire({ ...QUIET, isCut });
  await simulation.submit(finalizer.index);
  await simulation.time.runUntil(() => hasSent(simulation, finalizer, VOTE.finalize), 'one F', FIRST_VIEW_MS);
  await goOnWithout(simulation, leader);
};

function leaderAndOthers({ running, places }: Simulation): readonly [Place, Place, Place, Place] {
  const { leader } = consensusStatus(running[0]!.running().host.consensus);
  const others = places.filter(({ index }) => index !== leader);
  return [places[leader]!, others[0]!, others[1]!, others[2]!];
}

function isProposalTo(lane: string, reader: string, { member }: Place): boolean {
  return lane.includes('.proposals.') && reader === member.gln && laneOwner(lane) !== reader;
}

/** Has this validator published a vote of this kind, in this view if one is named? */
export function hasSent({ broker, places }: Simulation, { member }: Place, kind: VoteKind, view?: number): boolean {
  return broker.log(laneName(NETWORK, 'votes', member.gln)).some((value) => {
    const message = decodeVotesMessage(value, places.length);
    if (!message.ok || message.value.type !== 'vote') return false;
    const { vote } = message.value;
    return vote.kind === kind && (view === undefined || vote.view === view);
  });
}

/** Everything stops at once, and the three others must find a way. */
async function goOnWithout(simulation: Simulation, leader: Place): Promise<void> {
  const { places, broker, time } = simulation;
  for (const { index } of places) simulation.crash(index, true);
  broker.forget();
  simulation.setWire(QUIET);
  const others = places.filter((place) => place !== leader);
  for (const { index } of others) simulation.start(index);
  const isDone = (): boolean => simulation.isFinalAt(others);
  await time.runUntil(isDone, 'I10: everything final without one leader', GOES_ON_WITHIN);
}
