// What jest gives for `fast-check`: a property meets the same cases in every run. CUSTOS_SEED, a number, gives others.
const fastCheck = require('../node_modules/fast-check/lib/cjs/fast-check.js');

fastCheck.configureGlobal({ seed: Number(process.env.CUSTOS_SEED ?? 1) });
module.exports = fastCheck;
