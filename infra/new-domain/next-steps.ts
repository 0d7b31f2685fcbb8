import type { Names } from './names.ts';

/** What a person reads once a domain is made: what is there, and what to do with it. */
export const nextSteps = (names: Names, files: readonly string[]): string => {
  const { domain, node } = names;
  const workflow = files.find((file) => file.startsWith('workflows/'))?.split('/')[1] ?? '';
  return `Made the domain ${domain}: microservices/${domain}, nodes/${node}, workflows/${workflow}.
Added it to microservices/contracts.ts, infra/platform/services.ts, package.json and the pages of npm run docs.

It works as it is:   npm test -- --only ${domain}

Now make it yours (CONTRIBUTING.md):
1. microservices/${domain}/contract.ts: your operations, failures and events, in the words that people read.
2. policy.ts, migrations/001-${domain}.sql, store.ts, service.ts and the tests beside them; what you do not need goes.
3. nodes/${node}/face.ts: a place for each operation. Draw ${domain}.svg and ${domain}.dark.svg.
4. workflows/${workflow}: draw your own journey, or delete the folder. npm run pictures takes its canvas.png.
5. A line in microservices/README.md, nodes/README.md, workflows/README.md and CHANGELOG.md.
6. npm run lint:exports, npm run docs, npm run format, npm test.`;
};
