/** Something a service needs before it is ready: throws or resolves false while it is not. */
export interface Readiness {
  readonly name: string;
  check(): Promise<boolean> | boolean;
}

export interface Health {
  readonly status: 'ok' | 'waiting';
  /** What is not there yet. */
  readonly missing: readonly string[];
}

/** A check that takes longer counts as failed, so that health always answers. */
const CHECK_MS = 2_000;

export async function healthOf(needs: readonly Readiness[]): Promise<Health> {
  const answers = await Promise.all(
    needs.map(async ({ name, check }) => {
      try {
        return (await inTime(check)) ? undefined : name;
      } catch {
        return name;
      }
    }),
  );
  const missing = answers.filter((name) => name !== undefined);
  return { status: missing.length === 0 ? 'ok' : 'waiting', missing };
}

async function inTime(check: () => Promise<boolean> | boolean): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } finally {
    clearTimeout(timer);
  }
}
