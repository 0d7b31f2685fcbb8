import { readOptions } from '../options.ts';
import { isRefusedPort } from './refused-ports.ts';

test.each(['--n8n-port', '--port', '--admin-port'])(
  '%s refuses a port that no browser and no fetch connects to',
  (flag) => {
    expect(() => readOptions([flag, '4190'], {})).toThrow(
      `${flag} holds "4190"; it should be a port number, 0 to 65535, but none that browsers refuse (such as 4190, 6000, 6667).`,
    );
  },
);

test('the URL of a service is refused for its port', () => {
  expect(() => readOptions(['--service-urls', 'wallet=http://10.0.0.1:6667'], {})).toThrow(
    /on ports that browsers do not refuse/,
  );
  expect(readOptions(['--service-urls', 'wallet=http://10.0.0.1:3001'], {})).toMatchObject({
    serviceUrls: ['wallet=http://10.0.0.1:3001'],
  });
});

test('the list is that of fetch: it refuses these ports without trying, and tries their neighbours', async () => {
  const refuses = async (port: number): Promise<boolean> => {
    const failed = await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' }).then(
      () => undefined,
      (error: Error) => error.cause,
    );
    return failed instanceof Error && failed.message === 'bad port';
  };
  for (const port of [1, 25, 4045, 4190, 6000, 6665, 6669, 6697, 10_080])
    expect([port, await refuses(port), isRefusedPort(port)]).toEqual([port, true, true]);
  for (const port of [3_000, 5_678, 6_001, 10_081]) expect([port, isRefusedPort(port)]).toEqual([port, false]);
});
