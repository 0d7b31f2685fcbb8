import { connect } from 'node:net';

/**
 * What came back for bytes that were sent as they are; `status` is undefined when the connection was closed without a
 * response.
 */
export interface RawAnswer {
  status: number | undefined;
  text: string;
}

const DEADLINE_MS = 10_000;

/**
 * Sends bytes over a connection of their own and reads until the server closes it. Our side ends with the last byte, as
 * of a client that hangs up, unless it `waits`. Throws when the server neither responds nor closes.
 */
export const sendRaw = (url: string, bytes: string | Buffer, { waits = false } = {}): Promise<RawAnswer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const parts: Buffer[] = [];
    const socket = connect(Number(port), hostname);
    const answer = (): void => {
      const text = Buffer.concat(parts).toString('latin1');
      const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
      resolve({ status: status === undefined ? undefined : Number(status), text });
    };
    socket.setTimeout(DEADLINE_MS, () => socket.destroy(new Error(`No end within ${DEADLINE_MS} ms.`)));
    socket
      .on('data', (part) => parts.push(part))
      .on('close', answer)
      .on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
      });
    if (waits) socket.write(bytes);
    else socket.end(bytes);
  });
