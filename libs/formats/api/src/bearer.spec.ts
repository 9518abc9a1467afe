import { callers } from './bearer.js';
import { parseInput } from './input.js';

const caller = (name: string, digit: string) => ({
  ...{ name, access: 'operate', party: '4012345000009', hash: digit.repeat(64) },
});

describe('the callers of a service', () => {
  it('have names and tokens of their own', () => {
    expect(parseInput(callers, [caller('till', 'a'), caller('warehouse', 'b')]).ok).toBe(true);
  });

  it.each([
    [
      'name',
      [caller('till', 'a'), caller('x', 'b'), caller('till', 'c')],
      'caller 2, till, has this name as caller 0 has',
    ],
    ['hash', [caller('till', 'a'), caller('desk', 'a')], 'caller 1, desk, has this hash as caller 0 has'],
  ])('two of one %s are refused by name and place', (field, document, fix) => {
    const read = parseInput(callers, document);
    expect(read).toMatchObject({ ok: false, malformed: { fix: expect.stringContaining(fix) } });
    expect(JSON.stringify(read)).toContain(`/${document.length - 1}/${field}`);
  });
});
