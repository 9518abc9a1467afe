const [OPEN, COMMA, CLOSE] = [0x5b, 0x2c, 0x5d];

/** Returns the JSON list of items that are JSON already, without parsing them. */
export function jsonList(items: readonly Uint8Array[]): Uint8Array {
  const length = items.reduce((sum, item) => sum + item.length + 1, items.length === 0 ? 2 : 1);
  const list = new Uint8Array(length);
  list[0] = OPEN;
  let at = 1;
  for (const [i, item] of items.entries()) {
    if (i > 0) list[at++] = COMMA;
    list.set(item, at);
    at += item.length;
  }
  list[at] = CLOSE;
  return list;
}
