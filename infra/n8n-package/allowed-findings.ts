/**
 * Findings of n8n's linters and scanner that are accepted, one by one, with the reason. An entry counts for the files it names only; one that accepts
 * nothing any more fails the check, unless its files are not there.
 */
export interface AllowedFinding {
  rule: string;
  /** Files from the root of the package. */
  files: RegExp;
  reason: string;
}

const trigger = /^nodes\/Trigger\/(?!testing\/|.*\.test\.ts$).*\.ts$/;
const triggerBundle = /^dist\/nodes\/Trigger\/FusionCommerceTrigger\.node\.js$/;
const triggerTests = /^nodes\/(Gateway)?Trigger\/(testing\/.*|.*\.test)\.ts$/;

export const allowedFindings: AllowedFinding[] = [
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
  {
    rule: '@n8n/community-nodes/require-node-api-error',
    files: trigger,
    reason:
      'The node turns every error into a NodeOperationError at its border, where the broker and the group are known.',
  },
  ...[
    '@n8n/community-nodes/no-restricted-imports',
    '@n8n/community-nodes/no-restricted-globals',
    '@n8n/community-nodes/require-node-api-error',
    '@n8n/community-nodes/no-dangerous-functions',
  ].map((rule) => ({
    rule,
    files: triggerTests,
    reason: 'Tests start processes and brokers; they are not in the package.',
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
];
