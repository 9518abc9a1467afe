import { HealthIndicatorService } from '@nestjs/terminus';

/** Something a service needs before it is ready: throws or resolves false while it is not. */
export interface Readiness {
  readonly name: string;
  check(): Promise<boolean> | boolean;
}

/** The readiness of a service. */
export interface Health {
  readonly status: 'ok' | 'waiting';
  /** Names of the needs that are not met. */
  readonly missing: readonly string[];
}

/** A check that takes longer counts as failed, so that health always answers. */
const CHECK_MS = 2_000;

const indicators = new HealthIndicatorService();

/** Checks all needs at once. */
export async function healthOf(needs: readonly Readiness[]): Promise<Health> {
  const answers = await Promise.all(
    needs.map(async ({ name, check }) => {
      const attempt = indicators.check(name).attempt(async () => {
        if (!(await check())) throw new Error('not there yet');
      });
      return Object.values(await attempt.withTimeout(CHECK_MS)).some(({ status }) => status === 'up') ? [] : [name];
    }),
  );
  const missing = answers.flat();
  return { status: missing.length === 0 ? 'ok' : 'waiting', missing };
}
