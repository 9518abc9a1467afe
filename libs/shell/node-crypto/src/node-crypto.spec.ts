import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fromHex, toHex } from '@custos/core-bytes';
import {
  isLowS,
  referenceHasher,
  referencePublicKey,
  referenceSign,
  referenceVerify,
  type PublicKey,
  type SignatureCheck,
} from '@custos/core-crypto';
import { streamHasher } from './hasher.js';
import {
  fileSigner,
  generatePrivateKey,
  KeyFileError,
  nodeHasher,
  nodeVerify,
  parsePrivateKey,
  saveKeyFile,
  signerFromPrivateKey,
} from './index.js';

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const scalar = fc.bigInt({ min: 1n, max: ORDER - 1n }).map((value) => fromHex(value.toString(16).padStart(64, '0'))!);

function scalarHex(value: bigint): string {
  return value.toString(16).padStart(64, '0');
}

function highTwin(signature: Uint8Array): Uint8Array {
  const s = ORDER - BigInt('0x' + toHex(signature.subarray(32)));
  return new Uint8Array([...signature.subarray(0, 32), ...fromHex(scalarHex(s))!]);
}

async function expectAgreement(check: SignatureCheck): Promise<boolean> {
  const answer = await nodeVerify([check]);
  expect(answer).toBe(referenceVerify(check));
  return answer;
}

describe('L1.4: node:crypto and the reference', () => {
  it('give every input the same hash, also into the middle of a buffer', () => {
    fc.assert(
      fc.property(bytes(300), fc.nat(40), (x, offset) => {
        const expected = referenceHasher.digest(x);
        for (const hasher of [nodeHasher, streamHasher]) {
          expect(toHex(hasher.digest(x))).toBe(toHex(expected));
          const target = new Uint8Array(80).fill(9);
          expect(hasher.digestHex(x)).toBe(toHex(expected));
          hasher.digestInto(x, target, offset);
          expect(target.subarray(offset, offset + 32)).toEqual(expected);
          expect(target.subarray(offset + 32).every((byte) => byte === 9)).toBe(true);
        }
      }),
    );
    expect(() => nodeHasher.digestInto(new Uint8Array(1), new Uint8Array(40), 9)).toThrow(RangeError);
  });

  it('accept what either signs, and refuse its high-s twin and every one-bit change', async () => {
    await fc.assert(
      fc.asyncProperty(scalar, bytes(80), fc.nat(511), async (key, message, bit) => {
        const signer = signerFromPrivateKey(toHex(key));
        const publicKey = referencePublicKey(key);
        expect(signer.publicKey).toBe(publicKey);
        for (const signature of [referenceSign(message, key), await signer.sign(message)]) {
          expect(isLowS(signature)).toBe(true);
          expect(await expectAgreement({ publicKey, message, signature })).toBe(true);
          expect(await expectAgreement({ publicKey, message, signature: highTwin(signature) })).toBe(false);
          const changed = signature.slice();
          changed[bit >> 3]! ^= 1 << (bit & 7);
          expect(await expectAgreement({ publicKey, message, signature: changed })).toBe(false);
          const longer = new Uint8Array([...message, 0]);
          expect(await expectAgreement({ publicKey, message: longer, signature })).toBe(false);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('refuse garbage and the edges of r and s alike', async () => {
    const publicKey = referencePublicKey(new Uint8Array(32).fill(7));
    const message = new Uint8Array(3);
    await fc.assert(
      fc.asyncProperty(bytes(70), async (signature) => {
        expect(await expectAgreement({ publicKey, message, signature })).toBe(false);
      }),
      { numRuns: 60 },
    );
    for (const r of [0n, 1n, ORDER - 1n, ORDER, (1n << 256n) - 1n])
      for (const s of [0n, 1n, ORDER / 2n, ORDER / 2n + 1n, ORDER])
        await expectAgreement({ publicKey, message, signature: fromHex(scalarHex(r) + scalarHex(s))! });
    const signature = referenceSign(message, new Uint8Array(32).fill(7));
    for (const text of ['02' + 'ff'.repeat(32), '00'.repeat(33), '05' + '11'.repeat(32), '02'])
      expect(await expectAgreement({ publicKey: text as PublicKey, message, signature })).toBe(false);
  });

  it('a batch holds only when each of its checks does', async () => {
    const signer = signerFromPrivateKey(generatePrivateKey());
    const message = new Uint8Array([1]);
    const good = { publicKey: signer.publicKey, message, signature: await signer.sign(message) };
    expect(await nodeVerify([])).toBe(true);
    expect(await nodeVerify([good, good])).toBe(true);
    expect(await nodeVerify([good, { ...good, message: new Uint8Array([2]) }])).toBe(false);
  });
});

describe('private keys', () => {
  it('are scalars from 1 to n - 1 in lower-case hex', () => {
    expect(parsePrivateKey(generatePrivateKey())).toBeDefined();
    for (const text of ['', 'zz', scalarHex(0n), scalarHex(ORDER), scalarHex(10n).toUpperCase() + '0', 'A'.repeat(64)])
      expect(parsePrivateKey(text)).toBeUndefined();
    expect(() => signerFromPrivateKey(scalarHex(0n))).toThrow(RangeError);
  });

  it('live in files of their owner only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'custos-key-'));
    try {
      const path = join(folder, 'validator.key');
      const key = generatePrivateKey();
      await writeFile(`${path}.new`, 'half a ke', { mode: 0o644 });
      await saveKeyFile(path, key);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(path, 'utf8')).toBe(`${key}\n`);
      expect((await fileSigner(path)).keyId).toBe(signerFromPrivateKey(key).keyId);
      const open = join(folder, 'open.key');
      await writeFile(open, key, { mode: 0o644 });
      await expect(fileSigner(open)).rejects.toThrow(KeyFileError);
      await writeFile(path, 'not a key');
      await expect(fileSigner(path)).rejects.toThrow(KeyFileError);
      await expect(fileSigner(join(folder, 'absent'))).rejects.toThrow(KeyFileError);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
