import { padGtin } from '@custos/core-gs1';
import type { Caller, InputOf, inventoryQuery } from '@custos/formats-api';
import {
  answered,
  INVENTORY_READS,
  inventoryOf,
  noAnswer,
  shownAsOf,
  type Answer,
  type InventoryPage,
} from '@custos/node-epcis-repository';
import { unitKey, type SnapshotReader } from '@custos/node-member-service';

/** Answers with what the organisation `party` has, and what is on its way to it. */
export async function answerInventory(
  reader: SnapshotReader,
  caller: Caller,
  party: string,
  { gtin, within, limit, after }: InputOf<typeof inventoryQuery>,
): Promise<Answer<InventoryPage & { readonly asOf: ReturnType<typeof shownAsOf> }>> {
  const container =
    within === undefined ? answered(undefined) : unitKey(within, 'within', 'send the code of a case or pallet');
  if (!container.ok) return container;
  const product = gtin === undefined ? undefined : padGtin(gtin);
  const question = { party, limit, after, gtin: product, within: container.value };
  return reader.answer(caller, INVENTORY_READS, async ({ asker, snapshot }) => {
    const page = await inventoryOf(asker, snapshot, question);
    return page === 'hidden' ? noAnswer({ kind: 'hidden' }) : answered({ asOf: shownAsOf(snapshot), ...page });
  });
}
