export { aiAt, faultOf, findAi, knownAis, type AiElement, type AiFault, type ApplicationIdentifier } from './ai.js';
export {
  brokenExclusion,
  brokenRequirement,
  brokenRules,
  brokenSignature,
  findPattern,
  type BrokenRule,
} from './associations.js';
export { canonicalLink } from './canonical-link.js';
export {
  firstOutside,
  foldAscii,
  MAX_LOT,
  MAX_SERIAL,
  parseLot,
  parseSerial,
  type CharacterSet,
} from './characters.js';
export {
  DAY_MS,
  dayNumber,
  daysInMonth,
  endOfDay,
  expiryDate,
  isLeapYear,
  parseIsoDate,
  toYymmdd,
  type IsoDate,
} from './dates.js';
export {
  CANONICAL_STEM,
  digitalLinkOf,
  isWebUri,
  LENIENT_LINK,
  parseDigitalLink,
  STRICT_LINK,
  toDigitalLink,
  type LinkLeniency,
} from './digital-link.js';
export { checkDigit, hasCheckDigit, isDigits } from './digits.js';
export {
  MAX_ELEMENTS,
  parseBracketed,
  parseElementString,
  SEPARATOR,
  toBracketed,
  toElementString,
} from './element-string.js';
export { isEpcUrn, parseEpcUrn } from './epc-urn.js';
export {
  isUnit,
  type Captured,
  type CnIdentifier,
  type Cpi,
  type Gln,
  type Gtin,
  type GtinClass,
  type Identifier,
  type Itip,
  type Lgtin,
  type OtherIdentifier,
  type Pgln,
  type PlainKey,
  type Sgln,
  type Sgtin,
  type Sscc,
  type SsccIdentifier,
  type UnitIdentifier,
  type Upui,
} from './identifier.js';
export { identify, MAX_EPC_LENGTH, type Identified } from './identify.js';
export { elementsOfIdentifier, identifierOfElements } from './key-elements.js';
export { checkCharacters, hasCheckCharacters } from './check-characters.js';
export { namesGsrn } from './named-key.js';
export { manglings, type Mangled, type Mangling } from './manglings.js';
export { MAX_MEANT, meantBy, type Meant, type Mistake } from './meant.js';
export {
  gtinOfNational,
  hasPznDigit,
  nationalNumbers,
  type NationalNumber,
  type NationalScheme,
} from './national-numbers.js';
export {
  readAnyCode,
  type CodeFinding,
  type CodeReading,
  type Field,
  type Level,
  type ReadingOptions,
} from './reading.js';
export { padGtin, parseGln, parseGtin, parseSscc } from './keys.js';
export { escapeQuery, escapeUri, escapeUrn, unescapePath, unescapeQuery, unescapeUrn } from './percent.js';
export { glnOfCode, gtinOfCode, MAX_SCAN_LENGTH, parseScan, type Scan, type ScanForm } from './scan.js';
export {
  readScanner,
  SYMBOLOGY_IDS,
  writeScanner,
  type Carried,
  type Carrier,
  type ScannerMessage,
} from './symbology.js';
export { toUrn } from './to-urn.js';
export { identifierOfUnitKey, parseCn, unitKeyOf } from './unit-key.js';
export { addressOf, isUri, plainUri, withoutDotSegments, type Address } from './uri.js';
