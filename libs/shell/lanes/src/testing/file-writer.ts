import { fileLanes } from '../file/file-lanes.js';

// `node dist/testing/file-writer.js FOLDER LANE FIRST`: publishes the numbers from FIRST on, a few at a time, and prints
// the number that is durable, a line each, until it is killed.

const [folder, lane, first] = process.argv.slice(2);
if (folder === undefined || lane === undefined || first === undefined)
  throw new Error('usage: file-writer.js FOLDER LANE FIRST');
/** Messages of one call: a kill then hits the middle of a write as well. */
const TOGETHER = 5;
/** Bytes after each number, so that a write takes long enough to be torn. */
const PADDING = ' '.repeat(20_000);
/** Small, so that segments begin while it is killed. */
const SEGMENT_BYTES = 400_000;

const lanes = fileLanes({ folder, segmentBytes: SEGMENT_BYTES });
for (let next = Number(first); ; next += TOGETHER) {
  const numbers = Array.from({ length: TOGETHER }, (_, index) => next + index);
  await lanes.publish(
    lane,
    numbers.map((number) => new TextEncoder().encode(`${number}${PADDING}`)),
  );
  process.stdout.write(`${numbers.at(-1)}\n`);
}
