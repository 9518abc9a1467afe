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
  execution: ['custody', 'chain'],
};

/** Arrows between layers, for everything outside core. */
export const LAYERS = {
  'layer:core': ['layer:core'],
  'layer:formats': ['layer:core'],
  'layer:shell': ['layer:core'],
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

export const depConstraints = [
  ...Object.entries(LAYERS).map(([sourceTag, onlyDependOnLibsWithTags]) => ({ sourceTag, onlyDependOnLibsWithTags })),
  ...Object.keys(CORE).map((room) => ({
    sourceTag: `core:${room}`,
    onlyDependOnLibsWithTags: [...reachable(room)].map((next) => `core:${next}`),
  })),
];
