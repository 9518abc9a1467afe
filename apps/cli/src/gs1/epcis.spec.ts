import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Json } from '@custos/core-bytes';
import { runCommand } from '../run-command.js';

const directory = mkdtempSync(join(tmpdir(), 'custos-epcis-'));
afterAll(() => rmSync(directory, { recursive: true }));
afterEach(() => jest.restoreAllMocks());

const at = (name: string): string => join(directory, name);
const event = {
  type: 'ObjectEvent',
  eventTime: '2026-05-04T10:20:30.000Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  bizStep: 'stocking',
  epcList: ['urn:epc:id:sgtin:4012345.000001.A1'],
};
const documentOf = (...eventList: readonly Json[]): string =>
  JSON.stringify({
    '@context': 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
    type: 'EPCISDocument',
    schemaVersion: '2.0',
    creationDate: '2026-05-04T10:20:30Z',
    epcisBody: { eventList },
  });
writeFileSync(at('good.json'), documentOf(event, { ...event, eventID: 'urn:x:1', epcList: [] }));
writeFileSync(at('bad.json'), documentOf(event, { ...event, action: 'MOVE' }, { ...event, weight: 3 }));
writeFileSync(at('broken.json'), '{');

/** Exit status, lines of standard output as JSON, and what was said of the call itself. */
async function custos(...args: readonly string[]) {
  const lines: Json[] = [];
  const errors: string[] = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(JSON.parse(line) as Json));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void errors.push(line));
  const status = await runCommand(['epcis', ...args]);
  return { status, lines, errors };
}

describe('custos epcis', () => {
  const place = '/epcisBody/eventList';
  const hash = expect.stringContaining('ni:///sha-256;');

  it('hash: an event a line, by its place', async () => {
    const { status, lines } = await custos('hash', at('good.json'));
    expect(status).toBe(0);
    expect(lines).toEqual([
      { file: at('good.json'), at: `${place}/0`, eventID: null, hash },
      { file: at('good.json'), at: `${place}/1`, eventID: 'urn:x:1', hash },
    ]);
  });

  it('hash: the other events have theirs when one is wrong', async () => {
    const { status, lines } = await custos('hash', at('bad.json'));
    expect(status).toBe(1);
    expect(lines).toMatchObject([{ hash }, { at: `${place}/1`, code: 'MALFORMED_EVENT' }, { at: `${place}/2` }]);
  });

  it('validate: a document a line, with all that is wrong in it', async () => {
    const { status, lines } = await custos('validate', at('good.json'), at('bad.json'));
    expect(status).toBe(1);
    expect(lines).toMatchObject([
      { file: at('good.json'), valid: true, events: 2, faults: [] },
      {
        file: at('bad.json'),
        valid: false,
        events: 3,
        faults: [{ field: `${place}/1/action` }, { field: `${place}/2/weight`, fix: expect.any(String) }],
      },
    ]);
    expect((await custos('validate', at('good.json'))).status).toBe(0);
  });

  it('reads standard input when no file is named', async () => {
    for (const args of [['validate'], ['validate', '-']]) {
      const input = Readable.from([Buffer.from(documentOf(event))]) as typeof process.stdin;
      jest.spyOn(process, 'stdin', 'get').mockReturnValue(input);
      expect(await custos(...args)).toMatchObject({ status: 0, lines: [{ file: '-', valid: true, events: 1 }] });
    }
  });

  it.each([
    ['broken.json', 'JSON_INVALID'],
    ['missing.json', 'FILE_UNREADABLE'],
  ])('%s is answered as any other: %s', async (name, code) => {
    for (const what of ['hash', 'validate']) {
      const { status, lines } = await custos(what, at(name), at('good.json'));
      expect(status).toBe(1);
      expect(JSON.stringify(lines[0])).toContain(code);
      expect(lines.length).toBeGreaterThan(1);
    }
  });

  it.each([[[]], [['digest']], [['toString']], [['hash', '--loud']]])('called wrongly: %j', async (args) => {
    const { status, errors } = await custos(...args);
    expect(status).toBe(2);
    expect(errors.at(-1)).toContain('usage: custos epcis');
  });
});

describe('custos conformance', () => {
  const run = async (...args: readonly string[]) => {
    const lines: string[] = [];
    jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    jest.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(line));
    return { status: await runCommand(['conformance', ...args]), lines };
  };

  it('fails when a case is wrong, and names it', async () => {
    const wrong = { file: 'bad.json', suite: 'A1', do: 'capture', expect: { outcome: 'accept' } };
    const right = { file: 'good.json', suite: 'A2', do: 'capture', expect: { outcome: 'accept' } };
    writeFileSync(at('index.json'), JSON.stringify([wrong, right]));
    const { status, lines } = await run('--data', directory);
    expect([status, lines.at(-1)]).toEqual([1, '1 accepted, 0 refused, 1 wrong, 0 excepted, 0 skipped']);
    expect(lines.join('\n')).toContain('wrong: bad.json');
    writeFileSync(at('index.json'), JSON.stringify([right]));
    expect((await run('--data', directory)).status).toBe(0);
    // Nothing was asked: that proves nothing.
    writeFileSync(at('index.json'), '[]');
    expect((await run('--data', directory)).status).toBe(1);
  });

  it('says what it needs', async () => {
    expect((await run('--data', at('nowhere'))).status).toBe(2);
    expect((await run('--data', directory, '--target', 'here')).status).toBe(2);
  });
});
