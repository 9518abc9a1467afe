/** Two heartbeats of the network (K11): silence for longer means that the lane is behind, not the chain. */
export const SILENCE_MS = 60_000;

export interface SilenceWatch {
  /** Something was heard: the silence begins anew. */
  heard(): void;
  stop(): void;
}

/** Calls `onSilence` after each {@link SILENCE_MS} in which nothing was heard; begins with the first `heard`. */
export function watchSilence(onSilence: () => void): SilenceWatch {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const heard = (): void => {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => {
      heard();
      onSilence();
    }, SILENCE_MS);
  };
  return {
    heard,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
