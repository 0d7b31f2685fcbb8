const shared = {
  roots: ['<rootDir>/microservices', '<rootDir>/ai', '<rootDir>/infra', '<rootDir>/nodes', '<rootDir>/credentials'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/infra/test/strip-types.mjs' },
  setupFiles: ['<rootDir>/infra/test/one-error-realm.mjs'],
  testPathIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/.fusioncommerce'],
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['**/*.int.test.ts'],
      globalSetup: '<rootDir>/infra/test/start-postgres.mjs',
      globalTeardown: '<rootDir>/infra/test/stop-postgres.mjs',
    },
  ],
  testTimeout: 60_000,
};
