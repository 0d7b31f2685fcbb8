const shared = {
  roots: ['<rootDir>/microservices', '<rootDir>/ai', '<rootDir>/infra', '<rootDir>/nodes', '<rootDir>/credentials'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/infra/test/strip-types.mjs' },
  setupFiles: ['<rootDir>/infra/test/one-error-realm.mjs'],
  testPathIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/.fusioncommerce'],
};

const onEngines = {
  globalSetup: '<rootDir>/infra/test/start-engines.mjs',
  globalTeardown: '<rootDir>/infra/test/stop-engines.mjs',
};

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.(int|e2e|engine)\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'integration',
      testMatch: ['**/*.int.test.ts'],
      ...onEngines,
    },
    {
      // With a real n8n each.
      ...shared,
      displayName: 'journeys',
      testMatch: ['**/*.e2e.test.ts'],
      ...onEngines,
    },
    {
      // Against real engines, which they start or TEST_CQL names: one file at a time.
      ...shared,
      displayName: 'engines',
      testMatch: ['**/*.engine.test.ts'],
      ...onEngines,
    },
  ],
  testTimeout: 60_000,
};
