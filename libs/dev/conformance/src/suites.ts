import { captureCases } from './epcis-captures.js';
import { documentCases } from './epcis-documents.js';
import { hashCases, pairCases } from './epcis-hashes.js';
import { codeCases } from './gs1-codes.js';
import type { Suite } from './suite.js';

/** Every public suite that we run: a row each. */
export const SUITES: readonly Suite[] = [
  { name: 'A1', about: "GS1's EPCIS examples in JSON-LD", core: documentCases, server: captureCases },
  { name: 'A2', about: 'OpenEPCIS capture documents', core: documentCases, server: captureCases },
  { name: 'A3', about: 'OpenEPCIS documents that are wrong', core: documentCases, server: captureCases },
  { name: 'A4', about: 'answers to queries, and queries', core: documentCases },
  { name: 'A5', about: 'single events, and again', core: documentCases, server: captureCases },
  { name: 'A6', about: 'OpenEPCIS documents in XML', core: documentCases, server: captureCases },
  { name: 'A7', about: "GS1's EPCIS examples in XML", core: documentCases, server: captureCases },
  { name: 'B1', about: 'event hashes of the reference', core: hashCases },
  { name: 'B2', about: 'events told in several ways, one hash', core: hashCases },
  { name: 'B3', about: 'twins in JSON and XML, one hash', core: pairCases },
  { name: 'C1', about: 'Digital Links, read', core: codeCases },
  { name: 'C2', about: 'Digital Links, written', core: codeCases },
  { name: 'C3', about: 'element strings and what scanners send', core: codeCases },
  { name: 'C7', about: 'EPC URNs and links of the event hash', core: codeCases },
];
