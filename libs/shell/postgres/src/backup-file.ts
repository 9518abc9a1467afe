import { createHash } from 'node:crypto';
import { fromHex, toHex, utf8 } from '@custos/core-bytes';
import { taggedMessage, type KeyId, type PublicKey, type Signer, type VerifySignatures } from '@custos/core-crypto';

/** The name and version of the format, in the first line of a backup. */
export const FORMAT = 'custos backup of own, 2';

/** The first line of a backup. */
export interface Header {
  readonly format: typeof FORMAT;
  /** Migrations that the tables had: rows of other tables are not taken. */
  readonly migrations: readonly string[];
  /** Tables, those that others refer to first. */
  readonly tables: readonly Table[];
}

/** A table with its columns, in the order of the values of a row. */
export interface Table {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** One line of the file. Columns as Postgres writes them, so that nothing is rounded or put in another order. */
export interface Row {
  /** Index of its table in the header. */
  readonly table: number;
  readonly row: readonly (string | null)[];
}

/** The last line: number and hash of all lines before it, signed by the party whose rows they are. */
export interface Seal {
  readonly lines: number;
  readonly sha256: string;
  readonly keyId: KeyId;
  readonly signature: string;
}

/** Whose backups are restored. */
export interface BackupOwner {
  readonly keyId: KeyId;
  readonly publicKey: PublicKey;
  readonly verify: VerifySignatures;
}

/** A backup that cannot be restored here; the message says why and what to do. Nothing was changed. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/** The last line of a file with this number and hash of lines before it. */
export async function signedSeal(signer: Signer, lines: number, sha256: string): Promise<Seal> {
  const signature = toHex(await signer.sign(sealMessage(lines, sha256)));
  return { lines, sha256, keyId: signer.keyId, signature };
}

/**
 * Reads the whole file and returns its header, before anything is changed.
 * @throws BackupRefused when it was cut or changed, or the owner did not sign it.
 */
export async function checkFile(owner: BackupOwner, lines: AsyncIterable<string>): Promise<Header> {
  const hash = createHash('sha256');
  let first: string | undefined;
  let last: string | undefined;
  let count = 0;
  for await (const line of lines) {
    if (last !== undefined) {
      first ??= last;
      hash.update(`${last}\n`);
      count++;
    }
    last = line;
  }
  const seal = parseObject(last) as Partial<Seal> | undefined;
  if (first === undefined || !seal || seal.lines !== count || seal.sha256 !== hash.digest('hex'))
    throw new BackupRefused('the backup is cut or changed: its last line does not fit; take another one');
  const header = parseObject(first) as Partial<Header> | undefined;
  if (header?.format !== FORMAT) throw new BackupRefused(`this is no "${FORMAT}"`);
  await checkSeal(owner, seal);
  return header as Header;
}

/** A row of a backup becomes a promise of the service, so the file must come from who holds its key. */
async function checkSeal({ keyId, publicKey, verify }: BackupOwner, seal: Partial<Seal>): Promise<void> {
  if (seal.keyId !== keyId)
    throw new BackupRefused(`the backup was signed by key ${seal.keyId ?? 'none'}, not by ${keyId}: name its key file`);
  const signature = fromHex(seal.signature ?? '');
  const message = sealMessage(seal.lines!, seal.sha256!);
  if (!signature || !(await verify([{ publicKey, message, signature }])))
    throw new BackupRefused('the backup was changed: its signature is wrong; take another one');
}

function sealMessage(lines: number, sha256: string): Uint8Array {
  return taggedMessage('custos/backup/1', utf8(`${FORMAT}\n${lines}\n${sha256}`));
}

function parseObject(line: string | undefined): unknown {
  try {
    const value: unknown = JSON.parse(line ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Lines of a file that ends in a line break; other characters that some call a line break are content. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncIterable<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
