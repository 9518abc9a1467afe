export {
  aiAt,
  faultOf,
  findAi,
  knownAis,
  type AiElement,
  type AiFault,
  type ApplicationIdentifier,
} from './application-identifiers/ai.js';
export {
  brokenExclusion,
  brokenRequirement,
  brokenRules,
  brokenSignature,
  findPattern,
  type BrokenRule,
} from './application-identifiers/associations.js';
export { canonicalLink } from './forms/canonical-link.js';
export {
  firstOutside,
  foldAscii,
  MAX_LOT,
  MAX_SERIAL,
  parseLot,
  parseSerial,
  type CharacterSet,
} from './identifiers/characters.js';
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
} from './identifiers/dates.js';
export {
  CANONICAL_STEM,
  digitalLinkOf,
  isWebUri,
  LENIENT_LINK,
  parseDigitalLink,
  STRICT_LINK,
  toDigitalLink,
  type LinkLeniency,
} from './forms/digital-link.js';
export { checkDigit, hasCheckDigit, isDigits } from './identifiers/digits.js';
export {
  MAX_ELEMENTS,
  parseBracketed,
  parseElementString,
  SEPARATOR,
  toBracketed,
  toElementString,
} from './forms/element-string.js';
export { isEpcUrn, parseEpcUrn } from './forms/epc-urn.js';
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
} from './identifiers/identifier.js';
export { identify, MAX_EPC_LENGTH, type Identified } from './forms/identify.js';
export { elementsOfIdentifier, identifierOfElements } from './identifiers/key-elements.js';
export { checkCharacters, hasCheckCharacters } from './application-identifiers/check-characters.js';
export { namesGsrn } from './forms/named-key.js';
export { manglings, type Mangled, type Mangling } from './diagnosis/manglings.js';
export { MAX_SUGGESTIONS, suggestionsFor, type Suggestion, type Mistake } from './diagnosis/suggestions.js';
export {
  gtinOfNational,
  hasPznDigit,
  nationalNumbers,
  type NationalNumber,
  type NationalScheme,
} from './identifiers/national-numbers.js';
export {
  diagnoseCode,
  type CodeFinding,
  type CodeDiagnosis,
  type Field,
  type Level,
  type DiagnosisOptions,
} from './diagnosis/diagnosis.js';
export { padGtin, parseGln, parseGtin, parseSscc } from './identifiers/keys.js';
export { escapeQuery, escapeUri, escapeUrn, unescapePath, unescapeQuery, unescapeUrn } from './forms/percent.js';
export { glnOfCode, gtinOfCode, MAX_SCAN_LENGTH, parseScan, type Scan, type ScanForm } from './forms/scan.js';
export {
  readScanner,
  SYMBOLOGY_IDS,
  writeScanner,
  type Carried,
  type Carrier,
  type ScannerMessage,
} from './forms/symbology.js';
export { toUrn } from './forms/to-urn.js';
export {
  gtinOfUnitKey,
  identifierOfUnitKey,
  isUnitKey,
  parseCn,
  UNIT_KEY_SPACE,
  unitKeyOf,
} from './identifiers/unit-key.js';
export { addressOf, isUri, plainUri, withoutDotSegments, type Address } from './forms/uri.js';
