export { bytesInUse } from './memory.js';
export { faultOfAnswer, sendRaw } from './raw-http.js';
