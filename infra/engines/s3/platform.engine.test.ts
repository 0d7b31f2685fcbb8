import { describeObjectsOfAService } from '../../test/objects-of-a-service.ts';
import { startTestServer, testedServers } from './testing.ts';

for (const engine of testedServers) {
  describeObjectsOfAService(engine.title, async () => {
    const server = await startTestServer(engine);
    return { s3: { url: server.url }, close: () => server.remove() };
  });
}
