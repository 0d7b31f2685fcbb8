import { describeObjectsOfAService } from '../../test/objects-of-a-service.ts';
import { minio, s3 } from './index.ts';
import { startTestServer } from './testing.ts';

for (const engine of [s3, minio]) {
  describeObjectsOfAService(engine.title, async () => {
    const server = await startTestServer(engine);
    return { s3: { url: server.url }, close: () => server.remove() };
  });
}
