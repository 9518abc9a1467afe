// The order of spec files on several workers: the longest first, else it alone is left at the end while a core waits.
const Sequencer = require('@jest/test-sequencer').default;

/** Seconds of spec files that take long; those not named come after them, in jest's own order. */
const SECONDS = { 'faults.e2e.spec.ts': 140 };

module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const seconds = ({ path }) => SECONDS[path.split(/[\\/]/).at(-1)] ?? 0;
    return super.sort(tests).sort((a, b) => seconds(b) - seconds(a));
  }
};
