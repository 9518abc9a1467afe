import { batchQueries } from './batched-queries.js';

/** Answers when the test says so. */
class Slow {
  readonly asked: (readonly number[])[] = [];
  private readonly answers: ((answer: readonly number[] | Error) => void)[] = [];
  readonly ask = batchQueries((questions: readonly number[]) => {
    this.asked.push(questions);
    return new Promise<readonly number[]>((resolve, reject) =>
      this.answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))),
    );
  });

  answer(answer: readonly number[] | Error): void {
    this.answers.shift()!(answer);
  }
}

describe('questions of many requests', () => {
  it('are asked together while others are being asked, each after it came, and each gets its own answer', async () => {
    const slow = new Slow();
    const first = slow.ask(1);
    const [second, third] = [slow.ask(2), slow.ask(3)];
    expect(slow.asked).toEqual([[1]]);
    slow.answer([10]);
    await expect(first).resolves.toBe(10);
    const fourth = slow.ask(4);
    expect(slow.asked).toEqual([[1], [2, 3]]);
    slow.answer([20, 30]);
    await expect(Promise.all([second, third])).resolves.toEqual([20, 30]);
    expect(slow.asked).toEqual([[1], [2, 3], [4]]);
    slow.answer([40]);
    await expect(fourth).resolves.toBe(40);
  });

  it('fail together, and those behind them are asked', async () => {
    const slow = new Slow();
    const failing = [slow.ask(1)];
    const behind = [slow.ask(2)];
    slow.answer(new Error('away'));
    await expect(Promise.all(failing)).rejects.toThrow('away');
    slow.answer([20]);
    await expect(Promise.all(behind)).resolves.toEqual([20]);
  });
});
