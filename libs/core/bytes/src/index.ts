export { compareBytes, compareText, concatBytes, equalBytes } from './arrays.js';
export { fields, type Fields } from './fields.js';
export { fromHex, toHex } from './hex.js';
export {
  canonicalBytes,
  canonicalJson,
  isJsonObject,
  parseCanonicalJson,
  parseJson,
  type Json,
  type JsonObject,
} from './json.js';
export {
  attempt,
  malformed,
  MalformedError,
  orReject,
  parsed,
  reject,
  type Malformed,
  type Parsed,
} from './malformed.js';
export {
  attemptAs,
  closedObjectOf,
  hexOf,
  integerOf,
  listOf,
  objectOf,
  own,
  pointerStep,
  textOf,
  textsOf,
  wordOf,
} from './members.js';
export { Reader } from './reader.js';
export { parseUtf8, utf8, utf8Into } from './text.js';
export { unreachable } from './unreachable.js';
export { Writer } from './writer.js';
