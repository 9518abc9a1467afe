import { callModule } from './call-module.js';

const timeTable = (steps: readonly object[], whole: number) => callModule('step-times.mjs', 'timeTable', steps, whole);

it('lists the seconds of each step, what ran beside another, and the whole', () => {
  const steps = [
    { name: 'test', seconds: 61.25, processor: 110 },
    { name: 'int', seconds: 123.4, processor: 90.5 },
    { name: 'lint', seconds: 40, processor: 42, beside: 'int' },
  ];
  expect(timeTable(steps, 190)).toEqual([
    'step  seconds  processor',
    'test     61.3      110.0',
    'int     123.4       90.5',
    'lint     40.0       42.0  beside int',
    'all     190.0      242.5',
  ]);
});

it('has no column for processor seconds where the system does not count them', () => {
  expect(timeTable([{ name: 'test', seconds: 1 }], 2)).toEqual(['step  seconds', 'test      1.0', 'all       2.0']);
});
