export { benchInterop } from './bench/interop.js';
export { composeFile } from './compose/compose-file.js';
export { playInCompose } from './compose/compose-story.js';
export { handOutSecrets } from './compose/hand-out.js';
export { benchSlice, type BenchOptions } from './bench/slice.js';
export { client, type Answer, type Client } from './http.js';
export { auditNetwork } from './demo/audit.js';
export { demoTopology } from './demo/demo-topology.js';
export { printRunning, runDemo, type DemoOptions } from './demo/demo.js';
export { terminalNarrator, UnexpectedOutcome, type Narrator } from './demo/narration.js';
export { playLife, type Life } from './demo/story.js';
export { NetworkRuns, startNetwork, type Network, type NetworkOptions } from './network.js';
export { savedTopology } from './state-directory.js';
export {
  DEFAULT_PORT_BASE,
  foundationOf,
  memberOf,
  portBaseOf,
  portSpan,
  topologyOf,
  tradingMembers,
  type Foundation,
  type Member,
  type Organisation,
  type ProcessPorts,
  type Topology,
} from './topology.js';
