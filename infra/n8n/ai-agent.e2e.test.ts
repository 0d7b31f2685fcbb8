import { randomUUID } from 'node:crypto';
import { untilWithin } from '../../microservices/chassis/testing/until.ts';
import { eventsContract } from '../../microservices/events/contract.ts';
import { walletContract } from '../../microservices/wallet/contract.ts';
import type { WorkflowFile, WorkflowNode } from './journeys.ts';
import { startScriptedModel, type ScriptedModel } from './testing-model.ts';
import { publishWorkflow, startJourneyPlatform, type JourneyPlatform } from './testing.ts';

const until = untilWithin(240_000);

let environment: JourneyPlatform;
let model: ScriptedModel;
beforeAll(async () => {
  environment = await startJourneyPlatform();
}, 300_000);
afterAll(async () => {
  await environment?.stop();
  await model?.stop();
}, 60_000);

const node = (name: string, type: string, version: number, more: Partial<WorkflowNode>): WorkflowNode => ({
  id: name.toLowerCase().replaceAll(' ', '-'),
  name,
  type,
  typeVersion: version,
  position: [0, 0],
  parameters: {},
  ...more,
});

/** Trigger → AI Agent, with a model and a wallet as its tool → a node that fails. */
const agentJourney = async (ownerId: string): Promise<WorkflowFile> => {
  const openAi = await environment.editor.post<{ id: string; name: string }>('/credentials', {
    name: 'Scripted model',
    type: 'openAiApi',
    data: { apiKey: 'any', url: model.url },
  });
  const kafka = await environment.credential('fusionCommerceKafka');
  const api = await environment.credential('fusionCommerceApi');
  return {
    id: 'agent-tops-up',
    name: 'Agent tops up',
    active: false,
    settings: { executionOrder: 'v1', saveDataErrorExecution: 'all' },
    nodes: [
      node('Event', 'n8n-nodes-fusioncommerce.fusionCommerceTrigger', 1, {
        parameters: { customEventTypes: 'custom.wants_credit', options: { attempts: 3, firstDelay: 0 } },
        credentials: { fusionCommerceKafka: kafka },
      }),
      node('Agent', '@n8n/n8n-nodes-langchain.agent', 3.1, {
        parameters: { promptType: 'define', text: 'Give the customer a credit.' },
      }),
      node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.2, {
        parameters: { model: { __rl: true, mode: 'id', value: 'scripted' } },
        credentials: { openAiApi: openAi },
      }),
      node('Top Up', 'n8n-nodes-fusioncommerce.fusionCommerceWalletTool', 1, {
        parameters: {
          resource: 'wallet',
          operation: 'topUp',
          ownerId: { __rl: true, mode: 'id', value: ownerId },
          amount: 500,
          amountCurrency: 'EUR',
          reference: `={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Reference', '', 'string') }}`,
        },
        credentials: { fusionCommerceApi: api },
      }),
      // Nobody has no money: the workflow fails after the agent has acted.
      node('Fails', 'n8n-nodes-fusioncommerce.fusionCommerceWallet', 1, {
        parameters: {
          resource: 'wallet',
          operation: 'payOut',
          ownerId: { __rl: true, mode: 'id', value: 'nobody' },
          amount: 100,
          amountCurrency: 'EUR',
          reference: 'never',
        },
        credentials: { fusionCommerceApi: api },
      }),
    ],
    connections: {
      Event: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
      Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
      'Top Up': { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
      Agent: { main: [[{ node: 'Fails', type: 'main', index: 0 }]] },
    },
  };
};

test('an AI Agent with a wallet as its tool tops up once, however often the trigger tries its workflow', async () => {
  const ownerId = `shop-${randomUUID()}`;
  // As a model does, it words the reference anew each time.
  model = await startScriptedModel(() => ({ Reference: `credit-${randomUUID()}` }));
  await publishWorkflow(environment, await agentJourney(ownerId));
  await environment.platform
    .client(eventsContract)
    .publishEvent({ type: 'custom.wants_credit', subject: ownerId, data: {} });
  await environment.deadLetters('commerce.events', 1);
  const { items } = await environment.platform.client(walletContract).getBalance({ ownerId });
  // Three attempts, each asked the model and called the tool.
  expect(model.asked()).toBe(6);
  expect(items.map(({ balance }) => balance)).toEqual([500]);
  await until(async () => environment.platform.events('wallet').length > 0);
  const topUps = environment.platform.events('wallet').filter(({ type }) => type === 'wallet.topped_up');
  expect(topUps).toHaveLength(1);
}, 240_000);
