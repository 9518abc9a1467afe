import { join } from 'node:path';

/** The root of the repository, seen from the built file in `apps/cli/dist`. */
export const root = join(import.meta.dirname, '..', '..', '..');
