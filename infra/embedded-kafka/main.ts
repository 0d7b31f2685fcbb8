import { parseArgs } from 'node:util';
import { startBroker } from './index.ts';

const usage = `A single-node broker that speaks Kafka's protocol.

  node main.ts --data DIR [options]

  --data DIR          where to keep everything; created when missing
  --port PORT         port to listen on; 0 (the default) takes a free one
  --host HOST         address to listen on; 127.0.0.1 unless given. Others need a user
  --username NAME     who must sign in, with the password in the variable KAFKA_PASSWORD; nobody unless given
  --advertised HOST   host name that clients are told to connect to
  --fsync             acknowledge only what is on the disk: survives power loss, slower
  --auto-create       create unknown topics when a client asks for them
  --help              this text`;

function readArguments() {
  try {
    return parseArgs({
      options: {
        data: { type: 'string' },
        port: { type: 'string', default: '0' },
        host: { type: 'string', default: '127.0.0.1' },
        username: { type: 'string' },
        advertised: { type: 'string' },
        fsync: { type: 'boolean', default: false },
        'auto-create': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

const values = readArguments();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) fail(`--port is "${values.port}", it takes 0 to 65535`);
if (values.data === undefined) fail(`--data is missing: it names the folder to keep everything in\n\n${usage}`);
const password = process.env['KAFKA_PASSWORD'];
if (values.username !== undefined && !password)
  fail(`--username names "${values.username}", and the environment variable KAFKA_PASSWORD holds no password for it`);

const broker = await startBroker({
  dataDir: values.data,
  host: values.host,
  port,
  ...(values.advertised === undefined ? {} : { advertisedHost: values.advertised }),
  ...(values.username === undefined || !password ? {} : { user: { username: values.username, password } }),
  flush: values.fsync ? 'fsync' : 'os',
  autoCreateTopics: values['auto-create'],
  log: (entry) => {
    if (entry.level !== 'info') console.error(JSON.stringify(entry));
  },
}).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));

console.log(`listening on ${broker.host}:${broker.port}`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void broker.close().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    );
  });
}
