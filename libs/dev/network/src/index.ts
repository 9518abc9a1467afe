export { benchInterop } from './bench/interop.js';
export { composeFile } from './compose/compose-file.js';
export { playInCompose } from './compose/compose-story.js';
export { handOutSecrets } from './compose/hand-out.js';
export { benchSlice, type BenchOptions } from './bench/slice.js';
export { client } from './http.js';
export { auditNetwork } from './demo/audit.js';
export { demoTopology } from './demo/demo-topology.js';
export { printRunning, runDemo } from './demo/demo.js';
export { terminalNarrator } from './demo/narration.js';
export { playLife, type Life } from './demo/story.js';
export { NetworkRuns, startNetwork, type Network } from './network.js';
export { savedTopology } from './state-directory.js';
export {
  DEFAULT_PORT_BASE,
  foundationOf,
  portBaseOf,
  portSpan,
  topologyOf,
  tradingMembers,
  type Foundation,
  type ProcessPorts,
  type Topology,
} from './topology.js';
