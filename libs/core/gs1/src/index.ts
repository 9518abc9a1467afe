export { faultOf, findAi, knownAis, type AiElement } from './application-identifiers/ai.js';
export {
  brokenExclusion,
  brokenRequirement,
  brokenSignature,
  findPattern,
} from './application-identifiers/associations.js';
export { canonicalLink } from './forms/canonical-link.js';
export { foldAscii, parseLot } from './identifiers/characters.js';
export {
  DAY_MS,
  dayNumber,
  daysInMonth,
  endOfDay,
  expiryDate,
  parseIsoDate,
  toYymmdd,
  type IsoDate,
} from './identifiers/dates.js';
export { CANONICAL_STEM, digitalLinkOf, isWebUri, parseDigitalLink, toDigitalLink } from './forms/digital-link.js';
export { checkDigit, hasCheckDigit, isDigits } from './identifiers/digits.js';
export { parseBracketed, parseElementString, SEPARATOR, toBracketed, toElementString } from './forms/element-string.js';
export { parseEpcUrn } from './forms/epc-urn.js';
export {
  isUnit,
  type Gln,
  type Gtin,
  type Identifier,
  type Lgtin,
  type Sgln,
  type Sscc,
  type UnitIdentifier,
} from './identifiers/identifier.js';
export { identify, MAX_EPC_LENGTH } from './forms/identify.js';
export { elementsOfIdentifier } from './identifiers/key-elements.js';
export { checkCharacters, hasCheckCharacters } from './application-identifiers/check-characters.js';
export { namesGsrn } from './forms/named-key.js';
export { manglings, type Mangling } from './diagnosis/manglings.js';
export { suggestionsFor } from './diagnosis/suggestions.js';
export { gtinOfNational, nationalNumbers } from './identifiers/national-numbers.js';
export { diagnoseCode, type CodeDiagnosis } from './diagnosis/diagnosis.js';
export { padGtin, parseGln, parseGtin, parseSscc } from './identifiers/keys.js';
export { escapeQuery, escapeUri, unescapePath, unescapeQuery } from './forms/percent.js';
export { glnOfCode, gtinOfCode, MAX_SCAN_LENGTH, parseScan, type Scan } from './forms/scan.js';
export { readScanner, writeScanner, type Carrier } from './forms/symbology.js';
export { toUrn } from './forms/to-urn.js';
export { gtinOfUnitKey, identifierOfUnitKey, isUnitKey, UNIT_KEY_SPACE, unitKeyOf } from './identifiers/unit-key.js';
export { addressOf, isUri, plainUri, withoutDotSegments } from './forms/uri.js';
