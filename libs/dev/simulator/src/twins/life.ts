import type { VirtualTime } from './virtual-time.js';

/**
 * From one start of a validator to its crash. Whatever it waits for when it dies never comes: a dead process
 * runs no handler, sees no answer, and ends no write.
 */
export class Life {
  isOver = false;

  constructor(readonly time: VirtualTime) {}

  /** Runs later, unless this life is over by then. */
  after(milliseconds: number, run: () => void): () => void {
    return this.time.after(milliseconds, () => {
      if (!this.isOver) run();
    });
  }

  /** What is still true after so long, computed then. */
  later<T>(milliseconds: number, value: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.after(milliseconds, () => {
        try {
          resolve(value());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }
}
