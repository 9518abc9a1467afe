import { repeat, type Clock } from './clock.js';

/** A clock whose timers a test runs. */
function manualClock() {
  const timers = new Map<() => void, number>();
  const clock: Clock = {
    now: () => 0,
    setTimer(milliseconds, run) {
      timers.set(run, milliseconds);
      return () => void timers.delete(run);
    },
  };
  const fire = (): void => {
    const due = [...timers.keys()];
    timers.clear();
    for (const run of due) run();
  };
  return { clock, timers, fire };
}

describe('what runs again and again', () => {
  it('runs once a timer, until it is stopped', () => {
    const { clock, timers, fire } = manualClock();
    let runs = 0;
    const stop = repeat(clock, 500, () => runs++);
    expect([runs, ...timers.values()]).toEqual([0, 500]);
    fire();
    fire();
    expect([runs, ...timers.values()]).toEqual([2, 500]);
    stop();
    fire();
    expect([runs, timers.size]).toEqual([2, 0]);
  });

  it('stops also from inside a run', () => {
    const { clock, timers, fire } = manualClock();
    const stop = repeat(clock, 1, () => stop());
    fire();
    expect(timers.size).toBe(0);
  });
});
