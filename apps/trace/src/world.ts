import type { Metrics, Readiness } from '@custos/shell-process';
import type { TraceParts } from './parts.js';

/** What routes answer from. */
export interface TraceWorld extends TraceParts {
  readonly needs: readonly Readiness[];
  readonly metrics: Metrics;
}

export const WORLD = Symbol('trace world');
