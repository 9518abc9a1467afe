export { nodeHasher } from './hasher.js';
export { fileSigner, KeyFileError, loadKeyFile, saveKeyFile } from './key-file.js';
export { generatePrivateKey, parsePrivateKey, signerFromPrivateKey, type PrivateKey } from './signer.js';
export { nodeVerify } from './verify.js';
