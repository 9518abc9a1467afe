import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { canonicalLink, identify, parseEpcUrn, toDigitalLink, toUrn } from '../index.js';

// The tables of EPC schemes of GS1, beside the repository. Without them the tests are skipped, but never in CI.
const folder = join(__dirname, '../../../../../../shared/data/gs1/tdt');
const present = existsSync(folder);

interface Option {
  readonly optionKey: string;
  readonly pattern: string;
}

/** The URN patterns of the schemes that hold a GS1 key, by the length of the company prefix. */
function patterns(): readonly (readonly [scheme: string, prefixLength: number, pattern: string])[] {
  return readdirSync(folder).flatMap((file) => {
    const { 'tdt:epcTagDataTranslation': table } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      'tdt:epcTagDataTranslation'?: { scheme: { name: string; level: { type: string; option: Option[] }[] } };
    };
    const { name = '', level = [] } = table?.scheme ?? {};
    if (/^(ADI|GID|USDOD)/.test(name)) return [];
    return level
      .filter(({ type }) => type === 'PURE_IDENTITY')
      .flatMap(({ option }) => option.map(({ optionKey, pattern }) => [name, Number(optionKey), pattern] as const));
  });
}

it('finds the tables of EPC schemes, or warns that they are absent', () => {
  if (process.env.CI) expect(present).toBe(true);
  else if (!present) console.warn('skipped: ../shared/data is not beside this repository');
});

(present ? describe : describe.skip)("URNs of GS1's tables", () => {
  it.each(present ? patterns() : [])('%s with a company prefix of %i digits', (_scheme, prefixLength, pattern) => {
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(pattern.replace('()', ''))), (urn) => {
        fc.pre(isAllowed(urn));
        const captured = parseEpcUrn(urn);
        expect(captured).toMatchObject({ ok: true, value: { prefixLength } });
        if (!captured.ok) return;
        const { identifier } = captured.value;
        expect(identifier.kind).not.toBe('other');
        expect(toUrn(identifier, prefixLength)).toEqual({ ok: true, value: urn });
        expect(identify(urn)).toEqual({ ok: true, value: { identifier } });
        expect(identify(toDigitalLink(identifier))).toEqual({ ok: true, value: { identifier } });
        expect(canonicalLink(urn)).toBe(toDigitalLink(identifier));
      }),
      { numRuns: 30 },
    );
  });

  it('are of many schemes', () => {
    expect(new Set(present ? patterns().map(([scheme]) => scheme) : []).size).toBeGreaterThan(12);
  });
});

// Accepted by the patterns and refused by the General Specifications: piece numbers out of range, and the serial number
// of a component that begins with zero.
function isAllowed(urn: string): boolean {
  const parts = urn.split('.');
  if (urn.startsWith('urn:epc:id:itip:')) return parts[2]! > '00' && parts[2]! <= parts[3]!;
  if (urn.startsWith('urn:epc:id:cpi:')) return parts[2] === '0' || !parts[2]!.startsWith('0');
  return true;
}
