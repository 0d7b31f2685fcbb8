import { openS3ObjectStore } from '../../../microservices/ports/object-store/s3.ts';
import { beginUpload, unfinishedUploads } from '../../../microservices/ports/object-store/s3/testing.ts';
import { startTestServer, testedServers, type TestServer } from './testing.ts';

describe.each(testedServers)('uploads on $title that a crash left behind', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.remove());

  const openIn = async (hours: number): Promise<void> => {
    const store = await openS3ObjectStore({ url: server.url, now: () => new Date(Date.now() + hours * 3_600_000) });
    store.close();
  };

  test('are aborted by an opening more than a day later, and may go on until then', async () => {
    await openIn(0);
    await beginUpload({ url: server.url }, 'deep/forgotten');
    await openIn(23);
    expect(await unfinishedUploads({ url: server.url }, 'deep/forgotten')).toBe(1);
    await openIn(25);
    expect(await unfinishedUploads({ url: server.url }, 'deep/forgotten')).toBe(0);
  });
});
