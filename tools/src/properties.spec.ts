import fc from 'fast-check';

it('a property meets the same cases in every run', () => {
  const cases = () => fc.sample(fc.double(), 10);
  expect(cases()).toEqual(cases());
});
