export * from './chain-file.js';
export * from './small-chain.js';
export * from './small-network.js';
export * from './events.js';
export { lawStory } from './law-story.js';
