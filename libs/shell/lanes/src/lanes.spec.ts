import { laneName, laneOwner, startOffset } from './lanes.js';

test('a lane name carries network, kind and owner', () => {
  expect(laneName('eu-demo', 'votes', '4012345000009')).toBe('eu-demo.votes.4012345000009');
  expect(laneOwner('eu-demo.votes.4012345000009')).toBe('4012345000009');
});

test.each([
  ['beginning', '5'],
  ['end', '9'],
  ['5', '5'],
  ['7', '7'],
  ['9', '9'],
  // Away for longer than the lane keeps.
  ['4', '9'],
  // The lane was lost and made anew.
  ['10', '5'],
])('in a lane that holds 5 to 8, reading from %s starts at %s', (from, expected) => {
  expect(startOffset(from, { low: '5', high: '9' })).toBe(expected);
});
