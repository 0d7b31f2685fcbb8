import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

interface SignIn {
  username: string;
  password: string;
}

const [STARTUP, AUTHENTICATE, AUTH_RESPONSE, AUTH_SUCCESS] = [0x01, 0x03, 0x0f, 0x10] as const;

/**
 * True when a server of CQL's native protocol answers on a loopback port within two seconds, over TLS where an
 * authority (PEM) is given, and lets this user in: a new Cassandra listens before it has made its superuser
 * (https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, chapters 2 and 4.1).
 */
export const letsIn = (port: number, { username, password }: SignIn, authority?: string): Promise<boolean> =>
  new Promise((resolve) => {
    const at = { host: '127.0.0.1', port };
    const socket =
      authority === undefined ? connect(at) : connectTls({ ...at, ca: authority, servername: 'localhost' });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, end(false));
    socket.once('error', end(false)).once('close', end(false));
    socket.once(authority === undefined ? 'connect' : 'secureConnect', () =>
      socket.write(request(STARTUP, stringMap({ CQL_VERSION: '3.0.0' }))),
    );
    socket.on('data', (answer: Buffer) => {
      if (answer[4] === AUTHENTICATE) socket.write(request(AUTH_RESPONSE, bytes(`\0${username}\0${password}`)));
      else end(answer[4] === AUTH_SUCCESS)();
    });
  });

/** A frame: version 4, no flags, stream 0, the kind, its length, its body. */
const request = (kind: number, body: Buffer): Buffer => {
  const head = Buffer.from([0x04, 0x00, 0x00, 0x00, kind, 0x00, 0x00, 0x00, 0x00]);
  head.writeInt32BE(body.length, 5);
  return Buffer.concat([head, body]);
};

/** The protocol's [string]: its length, its bytes. */
export const string = (text: string): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};

const stringMap = (entries: Record<string, string>): Buffer =>
  Buffer.concat([Buffer.from([0x00, Object.keys(entries).length]), ...Object.entries(entries).flat().map(string)]);

const bytes = (text: string): Buffer => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
};
