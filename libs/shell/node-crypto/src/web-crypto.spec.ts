import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { toHex } from '@custos/core-bytes';
import { isLowS, referenceVerify, type PublicKey, type SignatureCheck } from '@custos/core-crypto';
import { generatePrivateKey, nodeVerify, signerFromPrivateKey } from './index.js';
import { keyObject } from './key-objects.js';

// L1.4: what a browser would say. WebCrypto takes a high s, so the one acceptance rule comes first (L1.2).

const signer = signerFromPrivateKey(generatePrivateKey());

async function webVerify({ publicKey, message, signature }: SignatureCheck): Promise<boolean> {
  if (!isLowS(signature)) return false;
  const jwk = keyObject(publicKey).export({ format: 'jwk' });
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const key = await webcrypto.subtle.importKey('jwk', jwk, curve, false, ['verify']);
  return webcrypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, signature, message);
}

async function expectOneAnswer(check: SignatureCheck, answer?: boolean): Promise<void> {
  const answers = [await nodeVerify([check]), referenceVerify(check), await webVerify(check)];
  expect(answers).toEqual(Array.from(answers, () => answer ?? answers[0]));
}

describe('L1.4: node:crypto, the reference and WebCrypto give one answer', () => {
  it('to what was signed, and to the same with one byte changed', async () => {
    const byte = fc.tuple(fc.nat(63), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), byte, async (message, [at, change]) => {
        const signature = await signer.sign(message);
        await expectOneAnswer({ publicKey: signer.publicKey, message, signature }, true);
        const changed = Uint8Array.from(signature, (value, i) => (i === at ? value ^ change : value));
        await expectOneAnswer({ publicKey: signer.publicKey, message, signature: changed });
      }),
      { numRuns: 40 },
    );
  });

  it('to garbage of the right length, and to the edges of r and s', async () => {
    const edge = (r: number, s: number) => new Uint8Array(64).fill(r, 31, 32).fill(s, 63, 64);
    const message = new Uint8Array([1]);
    for (const signature of [edge(0, 0), edge(0, 1), edge(1, 0), edge(1, 1)]) {
      await expectOneAnswer({ publicKey: signer.publicKey, message, signature }, false);
    }
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 64, maxLength: 64 }), (signature) =>
        expectOneAnswer({ publicKey: signer.publicKey, message, signature }, false),
      ),
      { numRuns: 40 },
    );
  });
});

interface Wycheproof {
  readonly groups: readonly {
    readonly publicKey: string;
    readonly tests: readonly WycheproofCase[];
  }[];
}
interface WycheproofCase {
  readonly id: number;
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
  readonly comment: string;
}

const WYCHEPROOF = join(__dirname, '../../../../vectors/wycheproof/ecdsa-p256-sha256-p1363.json');
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** The other of the two signatures that say the same: `r || n - s`. */
function withOtherS(signature: Uint8Array): Uint8Array {
  const s = ORDER - BigInt(`0x${toHex(signature.subarray(32))}`);
  return bytesOf(toHex(signature.subarray(0, 32)) + s.toString(16).padStart(64, '0'));
}

describe("L1.2, L1.4: Wycheproof's vectors for ECDSA on P-256 with SHA-256", () => {
  const { groups } = JSON.parse(readFileSync(WYCHEPROOF, 'utf8')) as Wycheproof;
  const cases = groups.flatMap(({ publicKey, tests }) => tests.map((test) => ({ publicKey, ...test })));

  it.each(cases)('$id $comment', async ({ publicKey, message, signature: hex, valid }) => {
    const signature = bytesOf(hex);
    const check = { publicKey: publicKey as PublicKey, message: bytesOf(message), signature };
    // A signature is valid in one form only: of two that say the same, the one with the low s.
    await expectOneAnswer(check, valid && isLowS(signature));
    if (valid && !isLowS(signature)) await expectOneAnswer({ ...check, signature: withOtherS(signature) }, true);
  });

  it('are here as the project counts them', () => {
    expect([cases.length, cases.filter(({ valid }) => valid).length]).toEqual([262, 173]);
  });
});
