import { padGtin } from '@custos/core-gs1';
import type { Caller, InputOf, inventoryQuery } from '@custos/formats-api';
import { INVENTORY_READS, inventoryOf, shownAsOf } from '@custos/node-epcis-repository';
import { unitKey, type SnapshotReader } from '@custos/node-member-service';
import { Problem } from '@custos/shell-process';

/** Answers with what the organisation `party` has, and what is on its way to it. */
export async function answerInventory(
  reader: SnapshotReader,
  caller: Caller,
  party: string,
  { gtin, within, limit, after }: InputOf<typeof inventoryQuery>,
) {
  const question = {
    party,
    limit,
    after,
    ...(gtin !== undefined && { gtin: padGtin(gtin) }),
    ...(within !== undefined && { within: unitKey(within, 'within', 'send the code of a case or pallet') }),
  };
  return reader.answer(caller, INVENTORY_READS, async ({ asker, snapshot }) => {
    const page = await inventoryOf(asker, snapshot, question);
    if (page === 'hidden') throw new Problem({ status: 403, code: 'NOT_VISIBLE', title: 'This is not for you to see' });
    return { asOf: shownAsOf(snapshot), ...page };
  });
}
