import { spawn, spawnSync } from 'node:child_process';
import { temporaryBroker, type TemporaryBroker } from './testing/temporary-broker.ts';

const installed = spawnSync('kcat', ['-V']).status === 0;
const reason = 'kcat (librdkafka) is not installed: on Debian and Ubuntu, apt-get install kcat';
if (!installed && process.env['CI'] === undefined) console.warn(`skipped the tests with librdkafka: ${reason}`);
const describeWithKcat = installed || process.env['CI'] !== undefined ? describe : describe.skip;

let running: TemporaryBroker;
let locked: TemporaryBroker | undefined;
beforeAll(async () => {
  running = await temporaryBroker({ autoCreateTopics: true });
});
afterEach(async () => {
  await locked?.remove();
  locked = undefined;
});
afterAll(() => running.remove());

/** Runs kcat with `input`; rejects with what it said when it fails. */
function kcat(args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('kcat', ['-b', running.broker().address, ...args]);
    const [output, errors]: [string[], string[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    child.on('error', () => reject(new Error(reason)));
    child.on('close', (code) => (code === 0 ? resolve(output.join('')) : reject(new Error(errors.join('')))));
    child.stdin.end(input);
  });
}

const lines = (count: number, prefix: string): string =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}\n`).join('');

describeWithKcat('librdkafka (kcat)', () => {
  test('lists the broker and its topics', async () => {
    await kcat(['-P', '-t', 'listed'], 'x\n');
    const listing = await kcat(['-L', '-J']);
    expect(JSON.parse(listing)).toMatchObject({
      controllerid: 1,
      brokers: [{ id: 1, name: running.broker().address }],
      topics: [{ topic: 'listed', partitions: [{ partition: 0, leader: 1 }] }],
    });
  });

  test.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])(
    'what it writes with compression %s it reads back, idempotently',
    async (codec) => {
      const sent = lines(1000, `${codec} `);
      await kcat(['-P', '-t', `codec-${codec}`, '-z', codec, '-X', 'enable.idempotence=true'], sent);
      expect(await kcat(['-C', '-t', `codec-${codec}`, '-e', '-q'])).toBe(sent);
    },
  );

  test('reads in a group from where the group had come', async () => {
    const group = ['-G', 'kcats', '-q', '-X', 'auto.offset.reset=earliest', '-X', 'session.timeout.ms=6000'];
    await kcat(['-P', '-t', 'grouped'], lines(10, 'm'));
    expect(await kcat([...group, '-c', '4', 'grouped'])).toBe(lines(10, 'm').split('\n').slice(0, 4).join('\n') + '\n');
    expect(await kcat([...group, '-c', '6', 'grouped'])).toBe(lines(10, 'm').split('\n').slice(4).join('\n'));
  });

  test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
    'signs in by %s, and is refused otherwise',
    async (mechanism) => {
      const user = { username: 'shop', password: 'secret' };
      locked = await temporaryBroker({ autoCreateTopics: true, user });
      const { address } = locked.broker();
      const signIn = (password: string): string[] => [
        ...['-b', address, '-X', 'security.protocol=SASL_PLAINTEXT'],
        ...['-X', `sasl.mechanisms=${mechanism}`, '-X', 'sasl.username=shop', '-X', `sasl.password=${password}`],
      ];
      const topic = ['-t', 'locked'];
      await kcat(['-P', ...topic, ...signIn(user.password)], lines(3, 'm'));
      expect(await kcat(['-C', ...topic, '-e', '-q', ...signIn(user.password)])).toBe(lines(3, 'm'));
      await expect(kcat(['-L', ...signIn('wrong'), '-m', '2'])).rejects.toThrow(/invalid username or password|Failed/);
      await locked.remove();
    },
  );

  test('looks up an offset by time', async () => {
    await kcat(['-P', '-t', 'timed'], lines(3, 't'));
    expect((await kcat(['-Q', '-t', 'timed:0:-1'])).trim()).toBe('timed [0] offset 3');
    expect((await kcat(['-Q', '-t', 'timed:0:1000'])).trim()).toBe('timed [0] offset 0');
  });
});
