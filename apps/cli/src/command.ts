/** One command of `custos`. */
export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** Runs the command. Returns the exit status. @throws UsageError when it was called wrongly. */
  run(args: readonly string[]): Promise<number>;
}
