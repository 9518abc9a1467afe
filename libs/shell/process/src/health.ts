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

export async function healthOf(needs: readonly Readiness[]): Promise<Health> {
  const answers = await Promise.all(
    needs.map(async ({ name, check }) => {
      try {
        return (await check()) ? undefined : name;
      } catch {
        return name;
      }
    }),
  );
  const missing = answers.filter((name) => name !== undefined);
  return { status: missing.length === 0 ? 'ok' : 'waiting', missing };
}
