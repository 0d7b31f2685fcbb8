/**
 * Findings of n8n's linters and scanner that are accepted, one by one, with the reason. An entry counts for the files
 * it names only; one that accepts nothing any more fails the check, unless its files are not there.
 */
export interface AllowedFinding {
  rule: string;
  /** Files from the root of the package. */
  files: RegExp;
  reason: string;
}

const trigger = /^nodes\/Trigger\/(?!testing\/|.*\.test\.ts$).*\.ts$/;
const triggerBundle = /^dist\/nodes\/Trigger\/FusionCommerceTrigger\.node\.js$/;
const eventBundles = /^dist\/nodes\/(?:(?:Gateway)?Trigger|WaitForEvent)\/FusionCommerce\w+\.node\.js$/;
const nodeTests = /^nodes\/(?:\w+\/)?(?:testing\/.*|.*\.test)\.ts$/;

/** Nodes that speak a datastore's own protocol through its client, and what each bundle holds of it. */
const scyllaDb = /^nodes\/ScyllaDb\/(?!testing\/|.*\.test\.ts$).*\.ts$/;
const scyllaDbBundle = /^dist\/nodes\/ScyllaDb\/ScyllaDb\.node\.js$/;
const minIo = /^nodes\/MinIo\/(?!testing\/|.*\.test\.ts$).*\.ts$/;
const minIoBundle = /^dist\/nodes\/MinIo\/MinIo\.node\.js$/;
const clientCredentials = /^credentials\/(?:ScyllaDb|MinIo|YugabyteDb)\.credentials\.ts$/;
const yugabyteDb = /^nodes\/YugabyteDb\/(?!testing\/|.*\.test\.ts$).*\.ts$/;
const yugabyteDbBundle = /^dist\/nodes\/YugabyteDb\/YugabyteDb\.node\.js$/;

/** Nodes that steer a journey: several outputs, or a parked execution. */
const journeyNodes = /^nodes\/(?:WaitForEvent|Split|Limit)\/\w+\.node\.ts$/;

export const allowedFindings: AllowedFinding[] = [
  {
    rule: '@n8n/community-nodes/node-usable-as-tool',
    files: journeyNodes,
    reason: 'An agent cannot take one of several outputs, nor be parked: these nodes belong on the canvas.',
  },
  {
    rule: '@n8n/community-nodes/webhook-lifecycle-complete',
    files: /^nodes\/WaitForEvent\/FusionCommerceWaitForEvent\.node\.ts$/,
    reason:
      'Its webhook resumes a parked execution: n8n knows it by the execution, and nothing is registered anywhere.',
  },
  {
    rule: '@n8n/community-nodes/no-restricted-imports',
    files: trigger,
    reason: 'The trigger speaks Kafka through kafkajs, which is bundled into dist, and waits through node:timers.',
  },
  {
    rule: '@n8n/community-nodes/no-restricted-globals',
    files: trigger,
    reason: 'A consumer that runs for weeks needs deadlines, heartbeats and a watchdog: timers that can be cleared.',
  },
  ...[
    '@n8n/community-nodes/no-restricted-imports',
    '@n8n/community-nodes/no-restricted-globals',
    '@n8n/community-nodes/require-node-api-error',
    '@n8n/community-nodes/no-dangerous-functions',
    '@n8n/community-nodes/no-hardcoded-secrets',
    'n8n-nodes-base/node-param-display-name-miscased',
    'n8n-nodes-base/node-param-display-name-miscased-id',
  ].map((rule) => ({
    rule,
    files: nodeTests,
    reason: 'Tests start processes, brokers and stores, and fill in forms; they are not in the package.',
  })),
  {
    rule: 'n8n-nodes-base/node-class-description-credentials-name-unsuffixed',
    files: trigger,
    reason: 'fusionCommerceKafka holds no API’s key; the rule knows only APIs.',
  },
  ...['@n8n/community-nodes/no-restricted-imports', '@n8n/community-nodes/no-restricted-globals', 'no-console'].map(
    (rule) => ({
      rule,
      files: triggerBundle,
      reason:
        'kafkajs is in the bundle, sockets, timers and its own logger included; the trigger gives it another logger.',
    }),
  ),
  {
    rule: '@n8n/community-nodes/no-hardcoded-secrets',
    files: eventBundles,
    reason: 'The samples of events hold made-up ids, keyId among them. No secret is in an event.',
  },
  {
    rule: 'n8n-nodes-base/node-param-multi-options-type-unsorted-items',
    files: /^nodes\/(?:Trigger|GatewayTrigger|WaitForEvent)\/.*\.node\.ts$/,
    reason: 'Event types are sorted by their names, but those for technical people come last.',
  },
  {
    rule: '@n8n/community-nodes/require-node-api-error',
    files: yugabyteDb,
    reason:
      'The node turns every error into a NodeOperationError at its border (nodes/datastore/items.ts), where the item and the server are known.',
  },
  ...[
    'n8n-nodes-base/cred-class-name-unsuffixed',
    'n8n-nodes-base/cred-class-field-name-unsuffixed',
    'n8n-nodes-base/cred-class-field-display-name-missing-api',
  ].map((rule) => ({
    rule,
    files: clientCredentials,
    reason: 'They hold a connection, not an API’s key, and are called as the products are.',
  })),
  {
    rule: 'n8n-nodes-base/node-class-description-credentials-name-unsuffixed',
    files: /^nodes\/(?:ScyllaDb|MinIo|YugabyteDb)\/.*\.node\.ts$/,
    reason: 'scyllaDb, minIo and yugabyteDb hold a connection, not an API’s key; the rule knows only APIs.',
  },
  {
    rule: '@n8n/community-nodes/no-restricted-imports',
    files: scyllaDb,
    reason: 'CQL is spoken by cassandra-driver, which is bundled into dist; node:net tells IPv6 addresses.',
  },
  {
    rule: '@n8n/community-nodes/no-restricted-imports',
    files: minIo,
    reason: 'S3 is spoken by minio, bundled into dist; node:http(s) and node:stream give it time-outs and streams.',
  },
  {
    rule: '@n8n/community-nodes/require-node-api-error',
    files: minIo,
    reason: 'The node turns every error into a NodeOperationError at its border, where the item is known.',
  },
  ...['@n8n/community-nodes/no-restricted-imports', '@n8n/community-nodes/no-restricted-globals'].map((rule) => ({
    rule,
    files: scyllaDbBundle,
    reason: 'cassandra-driver is in the bundle, sockets and timers included.',
  })),
  ...['@n8n/community-nodes/no-restricted-imports', '@n8n/community-nodes/no-restricted-globals', 'no-console'].map(
    (rule) => ({
      rule,
      files: minIoBundle,
      reason:
        'minio is in the bundle with its HTTP client and timers; it writes to the console only when it retries, which is off.',
    }),
  ),
  {
    rule: '@n8n/community-nodes/no-dangerous-functions',
    files: minIoBundle,
    reason: 'lodash, which minio brings, asks for the global object by Function("return this").',
  },
  ...['@n8n/community-nodes/no-restricted-imports', '@n8n/community-nodes/no-restricted-globals', 'no-console'].map(
    (rule) => ({
      rule,
      files: yugabyteDbBundle,
      reason:
        'pg is in the bundle, with sockets, timers, its warnings and the defaults that it takes from the environment; the node sets host, port, database, user, password and TLS itself.',
    }),
  ),
];
