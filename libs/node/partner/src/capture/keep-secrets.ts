import { storableText } from '@custos/node-epcis-repository';
import type { Sql } from '@custos/shell-postgres';
import type { SealedEvent, Secret } from './sealing.js';

/** Absence 9: the only place where anything personal stands. Written before the promise, so nothing signed is ever lost. */
export async function keepSecrets(
  sql: Sql,
  secrets: readonly Secret[],
  sealed: readonly SealedEvent[],
  now: number,
): Promise<void> {
  if (secrets.length > 0) {
    await sql.query(
      `INSERT INTO own.vault (seal, salt, value, created_at)
       SELECT s.seal, s.salt, s.value, $4 FROM unnest($1::text[], $2::text[], $3::json[]) AS s (seal, salt, value)
       ON CONFLICT DO NOTHING`,
      [
        secrets.map(({ seal }) => seal),
        secrets.map(({ salt }) => salt),
        secrets.map(({ value }) => JSON.stringify(value)),
        now,
      ],
    );
  }
  if (sealed.length > 0) {
    await sql.query(
      `INSERT INTO own.sealed_event (content_hash, client_id, event_id, part)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::json[]) ON CONFLICT DO NOTHING`,
      [
        sealed.map(({ contentHash }) => contentHash),
        sealed.map(({ clientId }) => storableText(clientId)),
        sealed.map(({ part }) => part.eventID),
        sealed.map(({ part }) => JSON.stringify(part)),
      ],
    );
  }
}
