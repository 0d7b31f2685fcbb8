import { connect } from 'node:net';

/** True when something accepts a connection where an engine's address says, "host:port" or a URL, within two seconds. */
export const answers = (address: string): Promise<boolean> => {
  const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).setTimeout(2_000, end(false));
  });
};
