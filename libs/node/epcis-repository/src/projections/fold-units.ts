import type { Json, JsonObject } from '@custos/core-bytes';
import { isUnitKey } from '@custos/core-gs1';
import { CUSTODY_SPACES } from '@custos/core-custody';
import { type ProjectedBlock, judgedParts } from '@custos/node-follower';

/** The statement of a block's receipts about one unit or lot; of each member the last one. */
export interface Stated {
  readonly key: string;
  /** `null` = no longer there. */
  readonly set: JsonObject;
  /** Position of the last event that stated something. */
  readonly moment: number;
}

/** A unit came to lie in a container, or in none, at this moment. */
export interface Move {
  readonly unit: string;
  readonly container: string | null;
  readonly moment: number;
}

/** The statements of a block about units and lots, one for each key. */
export interface BlockUnits {
  readonly units: readonly Stated[];
  readonly lots: readonly Stated[];
  readonly moves: readonly Move[];
}

/** Custody of a unit inside a container is the outermost one's: receipts do not say it, so rows must not either. */
const NOT_STATED_INSIDE: JsonObject = {
  owner: null,
  pendingOwner: null,
  possessor: null,
  receivedFrom: null,
  location: null,
  transit: null,
};

/** Folds the receipts of a block to one statement for each unit and lot. Pure, and no rule of custody. */
export function foldUnits(block: ProjectedBlock): BlockUnits {
  const units = new Map<string, Stated>();
  const lots = new Map<string, Stated>();
  const moves: Move[] = [];
  const state = (onto: Map<string, Stated>, key: string, set: JsonObject, moment: number): void => {
    onto.set(key, { key, set: { ...onto.get(key)?.set, ...set }, moment });
  };
  for (const { receipt, chainPosition: moment, keyId } of judgedParts(block)) {
    for (const { keys, set } of receipt.changes) {
      const { container } = set;
      const full = unitStatement(set, keyId, moment);
      for (const key of keys) {
        if (isUnitKey(key)) state(units, key, full, moment);
        else if (key.startsWith(CUSTODY_SPACES.lot)) state(lots, key, set, moment);
        if (isUnitKey(key) && isContainer(container)) moves.push({ unit: key, container, moment });
      }
    }
  }
  return { units: [...units.values()], lots: [...lots.values()], moves };
}

function unitStatement(set: JsonObject, keyId: string, moment: number): JsonObject {
  const entering = typeof set.container === 'string' ? NOT_STATED_INSIDE : {};
  // The receipt does not say who counted the contents: whoever signed the event that says how they are known.
  const counted = set.contents === undefined ? {} : { contentsKey: set.contents === null ? null : keyId };
  const ended = set.lifecycle === undefined ? {} : { lifecycleMoment: moment };
  return { ...set, ...entering, ...counted, ...ended };
}

function isContainer(value: Json | undefined): value is string | null {
  return value === null || typeof value === 'string';
}

/** A time that a unit lies in a container; open while `to` is null. */
export interface Stay {
  readonly unit: string;
  readonly container: string;
  readonly from: number;
  readonly to: number | null;
}

/** The stays in containers that a block begins and ends. */
export interface StayChanges {
  /** Ends the stay that was open before the block, if there was one. */
  readonly ended: readonly { readonly unit: string; readonly to: number }[];
  /** Begun in this block; those that ended in it too are complete. */
  readonly begun: readonly Stay[];
}

/** Moves of one block, in the order of the chain, as changes of the rows of containment. */
export function staysOf(moves: readonly Move[]): StayChanges {
  const ended: { unit: string; to: number }[] = [];
  const begun: Stay[] = [];
  const open = new Map<string, number>();
  const moved = new Set<string>();
  for (const { unit, container, moment } of moves) {
    const at = open.get(unit);
    if (at !== undefined) begun[at] = { ...begun[at]!, to: moment };
    else if (!moved.has(unit)) ended.push({ unit, to: moment });
    moved.add(unit);
    open.delete(unit);
    if (container === null) continue;
    open.set(unit, begun.length);
    begun.push({ unit, container, from: moment, to: null });
  }
  return { ended, begun };
}
