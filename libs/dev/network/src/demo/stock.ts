import type { Stage } from '../stage.js';
import { memberOf, type Topology } from '../topology.js';
import type { Tokens } from '../state-directory.js';
import { curlLine } from './addresses-shown.js';
import { newGoods, serialOf, type Goods } from './goods.js';
import { postUntilFinal } from './post-until-final.js';
import { expectStatus, milliseconds, type Narrator } from './narration.js';

/** Packs that the story leaves at the manufacturer: enough for a newcomer to try with. */
const STOCK = 6;

/** Makes packs that nothing happens to: what the reader of the story can ship. */
export async function makeStock(stage: Stage, narrator: Narrator, step: number): Promise<Goods> {
  const { title, locations } = memberOf(stage.topology, 'manufacturer');
  narrator.step(step, 'The manufacturer makes a few packs more: they are yours to ship');
  const goods = newGoods(new Date());
  const batch = { lot: goods.lot, expiry: goods.expiry, location: locations[0]!.gln };
  const codes = goods.packs.slice(0, STOCK);
  const answer = await postUntilFinal(stage.service('manufacturer'), '/commissionings', { codes, ...batch });
  const { height } = expectStatus(answer, 201, 'commissioning the stock');
  const took = milliseconds(answer.took);
  narrator.line(`${title}: commissioned ${STOCK} packs of lot ${goods.lot}; final at height ${height} after ${took}`);
  return goods;
}

/** Returns commands that move the first pack of the stock, in the order in which they can be run, each with a sentence. */
export function stockCommands(
  topology: Topology,
  tokens: Tokens,
  goods: Goods,
): readonly (readonly [string, string])[] {
  const [pack] = goods.packs as [string];
  const [maker, distributor, regulator] = (['manufacturer', 'distributor', 'regulator'] as const).map((name) =>
    memberOf(topology, name),
  ) as [ReturnType<typeof memberOf>, ReturnType<typeof memberOf>, ReturnType<typeof memberOf>];
  const receiving = { codes: [pack], location: distributor.locations[0]!.gln };
  const journey = `/units/${encodeURIComponent(serialOf(pack))}/journey`;
  const line = (...args: readonly [typeof maker, string, object?]): string => curlLine(topology, tokens, ...args);
  return [
    ['what the manufacturer has', line(maker, '/inventory')],
    ['ship one pack to the distributor', line(maker, '/shipments', { codes: [pack], receiver: distributor.gln })],
    ['which receives it', line(distributor, '/receivings', receiving)],
    ['and the regulator sees its journey', line(regulator, journey)],
  ];
}
