module.exports = async () => (await import('../dist/jest/containers.js')).tearDown();
