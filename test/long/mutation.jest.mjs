import { fileURLToPath } from 'node:url';

/** Jest for the mutation test: the tests of the law alone, and nothing that starts a database. */
export default {
  rootDir: '../..',
  roots: ['<rootDir>/test/long', '<rootDir>/src/benefits'],
  testEnvironment: fileURLToPath(new URL('./mutation.env.mjs', import.meta.url)),
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/long/mutation.suite.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  watchman: false,
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
};
