import { fileURLToPath } from 'node:url';
import { topicOf } from '../../microservices/chassis/contract/index.ts';
import { allServices } from '../platform/services.ts';
import { sourcesOf, whoTalks } from './who-talks.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const contracts = allServices.map(({ contract }) => contract);
const talkers = await whoTalks(root, contracts);
const talker = (domain: string) => talkers.find((one) => one.domain === domain);

test('every contract that the sources of a service import as a value is one that it calls or reads', async () => {
  const missing: string[] = [];
  for (const { domain, calls, reads } of talkers) {
    const sources = await sourcesOf(root, domain);
    for (const other of contracts) {
      const imported = new RegExp(`^import \\{[^}]*\\b${other.domain}Contract\\b[^}]*\\} from`, 'm').test(sources);
      if (!imported || other.domain === domain) continue;
      if (!calls.includes(other.domain) && !reads.includes(topicOf(other))) missing.push(`${domain} → ${other.domain}`);
    }
  }
  expect(missing).toEqual([]);
});

test('orders calls what a checkout needs and reacts to money and stock', () => {
  expect(talker('orders')).toMatchObject({
    calls: expect.arrayContaining(['catalog', 'inventory', 'wallet', 'payments', 'customers']) as string[],
    reads: expect.arrayContaining(['commerce.inventory', 'commerce.wallet', 'commerce.payments']) as string[],
    writes: expect.arrayContaining(['commerce.orders', 'commerce.wallet.dlq']) as string[],
  });
});

test('nobody writes the topic of another service', () => {
  const topics = contracts.map(topicOf);
  for (const { domain, writes } of talkers)
    expect(writes.filter((topic) => topics.includes(topic))).toEqual([`commerce.${domain}`]);
});
