import { describeObjectStorePort } from '../../../microservices/ports/object-store/port-contract.ts';
import { openS3ObjectStore } from '../../../microservices/ports/object-store/s3.ts';
import { startTestServer, testedServers } from './testing.ts';

for (const engine of testedServers) {
  describeObjectStorePort(engine.title, async () => {
    const server = await startTestServer(engine);
    const store = await openS3ObjectStore({ url: server.url });
    return {
      store,
      close: async () => {
        store.close();
        await server.remove();
      },
    };
  });
}
