import unit from './jest.config.mjs';

/** @type {import('jest').Config} */
export default {
  ...unit,
  roots: ['<rootDir>/test/interop'],
  globalSetup: '<rootDir>/test/interop/global-setup.mjs',
  // A broker needs some ten seconds to start, and two cores are shared by several Java processes.
  testTimeout: 120_000,
};
