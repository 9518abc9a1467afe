export { bytesInUse } from './memory.js';
export { faultOfAnswer, sendRaw, type RawAnswer, type RawHttp } from './raw-http.js';
