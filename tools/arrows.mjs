// Which room may import which: the one table behind the boundary lint and the picture in ARCHITECTURE.md.
// A room may import all that it reaches by arrows.

/** Direct arrows between the rooms of core; everything reachable is allowed. */
export const CORE = {
  bytes: [],
  crypto: ['bytes'],
  state: ['bytes'],
  merkle: ['crypto'],
  gs1: ['bytes'],
  epcis: ['gs1', 'crypto'],
  finality: ['crypto'],
  consensus: ['finality'],
  chain: ['finality', 'merkle', 'state'],
  registry: ['gs1', 'crypto', 'state'],
  access: ['registry'],
  custody: ['access', 'registry', 'epcis'],
  'light-client': ['custody', 'chain'],
  execution: ['custody', 'chain'],
};

/** Rooms of core that the specs of a room may use besides, for chains that are really executed. */
const SPECS_OF_CORE = { 'light-client': ['execution'] };

/** Arrows between layers, for everything outside core. */
export const LAYERS = {
  'layer:core': ['layer:core'],
  'layer:formats': ['layer:core'],
  'layer:shell': ['layer:formats', 'layer:core'],
  'layer:node': ['layer:node', 'layer:shell', 'layer:formats', 'layer:core'],
  'layer:app': ['layer:node', 'layer:shell', 'layer:formats', 'layer:core'],
  'layer:cli': ['dev:network', 'dev:conformance', 'layer:shell', 'layer:formats', 'layer:core'],
  'dev:servers': [],
  'dev:network': ['dev:servers', 'layer:shell', 'layer:formats', 'layer:core'],
  'dev:conformance': ['layer:shell', 'layer:formats', 'layer:core'],
  'dev:simulator': ['node:validator', 'layer:shell', 'layer:core'],
  'layer:tools': [],
};

export function reachable(room, seen = new Set()) {
  for (const next of CORE[room]) {
    if (seen.has(next)) continue;
    seen.add(next);
    reachable(next, seen);
  }
  return seen;
}

function constraints(inSpecs) {
  const rooms = Object.keys(CORE).map((room) => {
    const allowed = [...reachable(room), ...(inSpecs ? (SPECS_OF_CORE[room] ?? []) : [])];
    return { sourceTag: `core:${room}`, onlyDependOnLibsWithTags: allowed.map((next) => `core:${next}`) };
  });
  const layers = Object.entries(LAYERS);
  return [...layers.map(([sourceTag, tags]) => ({ sourceTag, onlyDependOnLibsWithTags: tags })), ...rooms];
}

export const depConstraints = constraints(false);
export const specConstraints = constraints(true);
