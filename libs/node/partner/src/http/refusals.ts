import { REFUSALS } from '@custos/core-execution';
import { statusOf } from '@custos/formats-api';

/** How a refusal of the law is told over HTTP: its class gives the status, the catalogue the words. */
export function refusalOf(code: string): { readonly status: number; readonly title: string; readonly fix?: string } {
  const row = REFUSALS[code];
  if (!row) return { status: statusOf('conflict'), title: code };
  return { status: statusOf(row.class), title: row.meaning, fix: row.remedy };
}
