export { garbage, type RawRequest } from './garbage.js';
