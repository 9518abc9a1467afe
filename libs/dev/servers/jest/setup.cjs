// jest loads this without its transformer, so it reads the built file: `npm run build` comes first.
module.exports = async () => (await import('../dist/jest/setup.js')).setUp();
