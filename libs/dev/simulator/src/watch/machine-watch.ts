import { consensusStatus, type State } from '@custos/core-consensus';
import type { Digest } from '@custos/core-crypto';

/** K16: views beside the current one of which anything but certificates is kept. */
const VIEWS_KEPT = 64;

/** What one look into a running machine finds wrong, if anything. */
export function machineFault(state: State, bodies: number, validators: number): string | undefined {
  return memoryFault(state, bodies, validators) ?? tipFault(state);
}

/** I9: memory is bounded by the distance to the last final view, whatever is sent (K16). */
function memoryFault(state: State, bodies: number, validators: number): string | undefined {
  const { views, nodes, view } = state;
  for (const known of views.values()) {
    const isCertified = known.notarize !== undefined || known.skip !== undefined;
    if (known.view > view + VIEWS_KEPT && !isCertified)
      return `I9: view ${known.view} is remembered in view ${view}, without a certificate`;
    for (const votes of Object.values(known.votes))
      if (votes.size > validators) return `I9: ${votes.size} votes of ${validators} validators in view ${known.view}`;
  }
  // The first proposal of a view, and the one that was certified; of nothing else is the block kept.
  if (nodes.size > 2 * views.size) return `I9: ${nodes.size} blocks of ${views.size} views`;
  // Also held: the last final block, and one that was just built. What a journal brought back goes with the first input.
  if (state.speaking && bodies > nodes.size + 2) return `I9: ${bodies} bodies of ${nodes.size} blocks`;
  return undefined;
}

/** I11: what readers are shown as provisional descends from the last final block. */
export function tipFault(state: State): string | undefined {
  const { final, provisional } = consensusStatus(state);
  let at: Digest | undefined = provisional.hash;
  while (at !== undefined && at !== final.hash) at = state.nodes.get(at)?.block.parent;
  return at === undefined ? `I11: the tip of view ${provisional.view} is not above the final one` : undefined;
}
