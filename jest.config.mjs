const shared = {
  roots: ['<rootDir>/microservices', '<rootDir>/ai', '<rootDir>/infra', '<rootDir>/nodes', '<rootDir>/credentials'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/infra/test/strip-types.mjs' },
  setupFiles: ['<rootDir>/infra/test/one-error-realm.mjs'],
  testPathIgnorePatterns: ['/node_modules/'],
  modulePathIgnorePatterns: ['<rootDir>/.fusioncommerce'],
};

const onPostgres = {
  globalSetup: '<rootDir>/infra/test/start-postgres.mjs',
  globalTeardown: '<rootDir>/infra/test/stop-postgres.mjs',
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
      ...onPostgres,
    },
    {
      // With a real n8n each: one file at a time.
      ...shared,
      displayName: 'journeys',
      testMatch: ['**/*.e2e.test.ts'],
      ...onPostgres,
    },
    {
      // On engines that users run: Kafka, CQL, S3, SQL, Druid.
      ...shared,
      displayName: 'engines',
      testMatch: ['**/*.engine.test.ts'],
      ...onPostgres,
    },
  ],
  testTimeout: 60_000,
};
