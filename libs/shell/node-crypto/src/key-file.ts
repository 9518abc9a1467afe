import { chmod, open, readFile, rename, stat } from 'node:fs/promises';
import type { Signer } from '@custos/core-crypto';
import { parsePrivateKey, signerFromPrivateKey, type PrivateKey } from './signer.js';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** A key file that cannot be used; the message names the file and what to do, never the key. */
export class KeyFileError extends Error {}

/**
 * Writes `<hex>\n` readable by its owner only, synced under another name and renamed: a crash leaves the old
 * file, the new one, or a stray `.new`, never half a key. The folder must exist.
 */
export async function saveKeyFile(path: string, privateKey: PrivateKey): Promise<void> {
  const fresh = `${path}.new`;
  const file = await open(fresh, 'w', OWNER_ONLY);
  try {
    await file.writeFile(`${privateKey}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // The mode of open() does nothing for a stray file of an earlier crash.
  await chmod(fresh, OWNER_ONLY);
  await rename(fresh, path);
}

/** Throws {@link KeyFileError} when the file is absent, open to others, or holds no key. */
export async function loadKeyFile(path: string): Promise<PrivateKey> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new KeyFileError(`key file ${path} is absent: make one with "custos key new"`);
  const readableByOthers = process.platform !== 'win32' && (found.mode & OTHERS) !== 0;
  if (readableByOthers) throw new KeyFileError(`key file ${path} is open to others: chmod 600 it`);
  const key = parsePrivateKey((await readFile(path, 'utf8')).trim());
  if (!key) throw new KeyFileError(`key file ${path} holds no P-256 private key in hex`);
  return key;
}

/** The signer behind a key file (L1.5). Throws as {@link loadKeyFile}. */
export async function fileSigner(path: string): Promise<Signer> {
  return signerFromPrivateKey(await loadKeyFile(path));
}
