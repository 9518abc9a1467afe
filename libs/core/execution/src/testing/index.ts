export * from './small-chain.js';
export * from './small-network.js';
export * from './events.js';
