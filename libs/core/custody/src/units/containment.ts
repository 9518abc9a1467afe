import { contentsKey } from '../state-keys.js';
import { LIMITS } from '../limits.js';
import { addShare, hasGoods, oneLevelUp, shareOf, subtractShare } from './summary.js';
import type { ContainerSummary, Custody, Hold, Unit } from './unit.js';

/** The store of units and pages of contents during one event. */
export interface UnitStore {
  get(key: string): Unit;
  set(unit: Unit): void;
  page(key: string): readonly string[];
  setPage(key: string, children: readonly string[]): void;
}

// The containment forest (C3, C4, C5, S8). Every function keeps each summary equal to its contents, up to the root.

/** Returns the containers around a unit, the nearest first; at most 8 (C3). */
export function ancestorsOf(store: UnitStore, unit: Unit): readonly Unit[] {
  const around: Unit[] = [];
  for (let at = unit.container; at; at = around[around.length - 1]!.container) around.push(store.get(at.key));
  return around;
}

/**
 * S8: returns the outermost container, whose custody is that of all units inside it; a unit without a container itself.
 */
export function rootOf(store: UnitStore, unit: Unit): Unit {
  return ancestorsOf(store, unit).at(-1) ?? unit;
}

/** Writes a unit, and updates the summaries of the containers around it when its share changed. */
export function putUnit(store: UnitStore, unit: Unit): void {
  const before = store.get(unit.key);
  store.set(unit);
  const flagsDiffer = before.onHold !== unit.onHold || before.lifecycle.state !== unit.lifecycle.state;
  if (!unit.container || !flagsDiffer) return;
  // Adds before it subtracts, because a container must not appear empty in between.
  adjustAround(store, unit, shareOf(unit), addShare);
  adjustAround(store, unit, shareOf(before), subtractShare);
}

type Adjust = (summary: ContainerSummary | undefined, share: ContainerSummary) => ContainerSummary | undefined;

function adjustAround(store: UnitStore, unit: Unit, share: ContainerSummary, adjust: Adjust): void {
  let atLevel = share;
  for (const container of ancestorsOf(store, unit)) {
    store.set({ ...container, contains: adjust(container.contains, atLevel) });
    atLevel = oneLevelUp(atLevel);
  }
}

/**
 * C3: puts a unit without a container into one. Its custody ends: it has that of the root from now on, and a root
 * without an owner takes over the unit's owner (C2).
 */
export function putInto(store: UnitStore, childKey: string, containerKey: string): void {
  const { custody, ...child } = store.get(childKey);
  const container = store.get(containerKey);
  const page = pageWithRoom(container.pages ?? []);
  const inside: Unit = { ...child, container: { key: container.key, incarnation: container.incarnation }, page };
  store.set(inside);
  const pageKey = contentsKey(container.key, page);
  store.setPage(pageKey, [...store.page(pageKey), childKey]);
  store.set({ ...container, pages: countOnPage(container.pages ?? [], page, 1) });
  adjustAround(store, inside, shareOf(inside), addShare);
  const root = rootOf(store, inside);
  if (custody) store.set({ ...root, custody: joinCustody(root, custody, hasGoods(inside)) });
}

// The goods of one container have one owner, and a sender only if all came from it.
function joinCustody(root: Unit, { owner, pendingOwner, receivedFrom }: Custody, goods: boolean): Custody {
  const custody = root.custody!;
  if (!goods) return custody;
  if (custody.owner === undefined) return { ...custody, owner, pendingOwner, receivedFrom };
  return custody.receivedFrom === receivedFrom ? custody : { ...custody, receivedFrom: undefined };
}

/**
 * Takes a unit out of its container (C4, C5, C8). S8: it keeps everything that it had from the containers around it:
 * custody, holds, and their end if they ended.
 */
export function takeOut(store: UnitStore, childKey: string): void {
  const { container: ref, page, ...child } = store.get(childKey);
  if (!ref || page === undefined) throw new Error(`${childKey} lies in no container`);
  const around = ancestorsOf(store, store.get(childKey));
  const share = shareOf(store.get(childKey));
  removeFromPage(store, ref.key, childKey, page);
  let atLevel = share;
  for (const { key } of around) {
    const container = store.get(key);
    store.set(emptiedOr(container, subtractShare(container.contains, atLevel)));
    atLevel = oneLevelUp(atLevel);
  }
  const root = around.at(-1)!;
  store.set(inherit(child, around, custodyLeaving(root.custody!, hasGoods(child))));
  disown(store, root.key);
}

function emptiedOr(container: Unit, contains: ContainerSummary | undefined): Unit {
  return contains ? { ...container, contains } : { ...container, contains, pages: undefined, contents: undefined };
}

// C2: an empty container has no owner.
function custodyLeaving(custody: Custody, goods: boolean): Custody {
  return goods ? custody : { ...custody, owner: undefined, pendingOwner: undefined };
}

function disown(store: UnitStore, rootKey: string): void {
  const root = store.get(rootKey);
  if (!hasGoods(root)) store.set({ ...root, custody: custodyLeaving(root.custody!, false) });
}

function inherit(child: Unit, around: readonly Unit[], custody: Custody): Unit {
  const holds = [...(child.holds ?? [])];
  for (const hold of around.flatMap((container) => container.holds ?? [])) {
    if (!holds.some((own) => sameHold(own, hold))) holds.push(hold);
  }
  const over = child.lifecycle.state === 'active' ? around.find((one) => one.lifecycle.state !== 'active') : undefined;
  const ending = over ? { lifecycle: over.lifecycle, ended: over.ended, opened: over.opened } : {};
  const shipped = Math.max(child.lastShippedAt ?? 0, ...around.map((one) => one.lastShippedAt ?? 0));
  return {
    ...child,
    ...ending,
    custody,
    onHold: holds.length > 0,
    holds: holds.length > 0 ? holds : undefined,
    lastShippedAt: shipped > 0 ? shipped : undefined,
  };
}

function sameHold(a: Hold, b: Hold): boolean {
  return a.kind === b.kind && a.setter === b.setter && a.incident === b.incident && a.since === b.since;
}

/** Returns the keys of a container's children, page by page. The caller checks `contains.levels[0]` first (L5.5). */
export function childrenIn(store: UnitStore, container: Unit): readonly string[] {
  return (container.pages ?? []).flatMap((count, page) =>
    count > 0 ? store.page(contentsKey(container.key, page)) : [],
  );
}

function removeFromPage(store: UnitStore, containerKey: string, childKey: string, page: number): void {
  const pageKey = contentsKey(containerKey, page);
  store.setPage(
    pageKey,
    store.page(pageKey).filter((key) => key !== childKey),
  );
  const container = store.get(containerKey);
  store.set({ ...container, pages: countOnPage(container.pages ?? [], page, -1) });
}

function pageWithRoom(pages: readonly number[]): number {
  const page = pages.findIndex((count) => count < LIMITS.pageChildren);
  return page < 0 ? pages.length : page;
}

function countOnPage(pages: readonly number[], page: number, by: 1 | -1): readonly number[] {
  const counts = [...pages];
  counts[page] = (counts[page] ?? 0) + by;
  while (counts.length > 0 && counts[counts.length - 1] === 0) counts.pop();
  return counts;
}
