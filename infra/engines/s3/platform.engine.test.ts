import { describeObjectsOfAService } from '../../test/objects-of-a-service.ts';
import { s3, versitygw } from './index.ts';
import { startTestServer } from './testing.ts';

for (const engine of [s3, versitygw]) {
  describeObjectsOfAService(engine.title, async () => {
    const server = await startTestServer(engine);
    return { s3: { url: server.url }, close: () => server.remove() };
  });
}
