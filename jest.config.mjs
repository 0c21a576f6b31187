// Started through test/run.ts, which sets NODE_OPTIONS=--experimental-vm-modules (jest needs it for ES modules).
export default {
  testEnvironment: 'node',
  testSequencer: '<rootDir>/test/harness/sequencer.mjs',
  testRunner: '<rootDir>/test/harness/runner.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  roots: ['<rootDir>/src', '<rootDir>/workers', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/test/long/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/test/harness/global-setup.ts',
  globalTeardown: '<rootDir>/test/harness/global-teardown.ts',
  // Against tests that hang; how long things take is measured by benchmarks.
  testTimeout: 180_000,
  maxWorkers: 2,
  coverageProvider: 'v8',
};
