import { encodeFinalMessage } from '@custos/core-chain';
import { nodeHasher as hasher } from '@custos/shell-node-crypto';
import fc from 'fast-check';
import { RunAssembler, type RawRun } from './assemble.js';
import { sampleChain } from '../testing/chain.js';

const [first, second, third] = sampleChain();

function assemble(messages: readonly Uint8Array[]): readonly RawRun[] {
  const assembler = new RunAssembler(hasher);
  return messages.flatMap((message) => assembler.take(message) ?? []);
}

describe('RunAssembler', () => {
  it('L4.6: gives each run at its record, and begins anew', () => {
    const messages = [first, second, third].flatMap((run) => run.messages);
    expect(assemble(messages)).toEqual([first.raw, second.raw, third.raw]);
    expect(assemble(messages.slice(0, 2))).toEqual([]);
  });

  it('L4.6: a message may come twice, and receipts before their block', () => {
    const [block, receipts, ...rest] = second.messages;
    expect(assemble([receipts!, receipts!, block!, ...rest.slice(0, -1), block!, rest.at(-1)!])).toEqual([second.raw]);
  });

  it('a record that comes twice has no blocks the second time', () => {
    const record = first.messages.at(-1)!;
    expect(assemble([...first.messages, record])).toEqual([first.raw, { blocks: [], record: first.raw.record }]);
  });

  it('a reader that joins within a run gets what it received, the rest is a gap', () => {
    const late = third.messages.slice(2);
    expect(assemble(late)).toEqual([{ ...third.raw, blocks: third.raw.blocks.slice(1) }]);
    // The receipts of a block that was not received prove nothing.
    expect(assemble(third.messages.slice(1))).toEqual([{ ...third.raw, blocks: third.raw.blocks.slice(1) }]);
  });

  it('what cannot be read is passed over', () => {
    const bytes = (...numbers: number[]): Uint8Array => new Uint8Array(numbers);
    const short = encodeFinalMessage({ type: 'block', bytes: first.raw.blocks[0]!.block.subarray(0, 100) });
    const broken = Uint8Array.from(first.messages[0]!);
    broken[40]! ^= 1;
    const garbage = [bytes(), bytes(0), bytes(4, 1, 2), bytes(1), bytes(2, 0, 0), short, broken];
    expect(assemble([...garbage, ...first.messages.flatMap((message) => [message, ...garbage])])).toEqual([first.raw]);
  });

  it('a lane that never sends a record is forgotten, not kept', () => {
    const assembler = new RunAssembler(hasher);
    assembler.take(first.messages[0]!);
    const receipts = first.raw.blocks[0]!.receipts;
    for (let height = 1; height <= 300; height++)
      assembler.take(encodeFinalMessage({ type: 'receipts', height, bytes: receipts }));
    const run = assembler.take(first.messages.at(-1)!);
    expect(run).toEqual({ blocks: [], record: first.raw.record });
  });

  it('gives heights once and ascending, whatever the order and the repeats', () => {
    const parts = [...second.messages.slice(0, -1), ...third.messages.slice(0, -1)];
    const record = third.messages.at(-1)!;
    const blocks = [...second.raw.blocks, ...third.raw.blocks];
    const repeats = fc.array(fc.constantFrom(...parts), { maxLength: 10 });
    const order = fc.shuffledSubarray(parts, { minLength: parts.length });
    fc.assert(
      fc.property(repeats, order, (extra, all) => {
        expect(assemble([...extra, ...all, record])).toEqual([{ blocks, record: third.raw.record }]);
      }),
    );
  });
});
