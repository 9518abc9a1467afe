/** Two heartbeats of the network (K11): silence for longer means that the lane is behind, not the chain. */
export const SILENCE_MS = 60_000;

/** A watch that reports when a lane is silent for too long. */
export interface SilenceWatch {
  /** Restarts the watch: a message came. */
  heard(): void;
  stop(): void;
}

/** Calls `onSilence` after each {@link SILENCE_MS} without a message; begins with the first call of `heard`. */
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
