import { readFileSync } from 'node:fs';
import { parseGenesis, type Genesis } from '@custos/core-chain';

/** Reads the file of a genesis document, which may be laid out for people. Returns an error that names what is wrong. */
export function readGenesisFile(file: string): Genesis | Error {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return new Error(`${file} cannot be read (${(error as Error).message})`);
  }
  const genesis = parseGenesis(bytes);
  return genesis.ok ? genesis.value : new Error(`${file}: ${genesis.malformed.field}: ${genesis.malformed.fix}`);
}
