// As setup.cjs: reads the built file.
module.exports = async () => (await import('../dist/jest/containers.js')).setUp();
