import { startAll, startedParts } from './started-parts.ts';

const noting =
  (stopped: string[], name: string, fails = false) =>
  async (): Promise<void> => {
    stopped.push(name);
    if (fails) throw new Error(`${name} does not stop`);
  };

test('parts are stopped once each, the last one first, also those behind one that fails to stop', async () => {
  const stopped: string[] = [];
  const started = startedParts();
  started.add(noting(stopped, 'database'));
  started.add(noting(stopped, 'relay', true));
  const stopEarly = started.add(noting(stopped, 'listener'));
  started.add(noting(stopped, 'jobs', true));
  await stopEarly();
  await expect(started.stop()).rejects.toThrow('jobs does not stop');
  expect(stopped).toEqual(['listener', 'jobs', 'relay', 'database']);
});

test('a start that fails stops what was started, and says why it failed', async () => {
  const stopped: string[] = [];
  const start = startAll(async (started) => {
    started.add(noting(stopped, 'database', true));
    throw new Error('no topic');
  });
  await expect(start).rejects.toThrow('no topic');
  expect(stopped).toEqual(['database']);
});
