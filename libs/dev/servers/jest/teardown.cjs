module.exports = async () => (await import('../dist/jest/setup.js')).tearDown();
