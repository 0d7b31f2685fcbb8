import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (from 32768 on with Linux, from 49152 with others), so that
 * none of those takes one before the program does that it is meant for; above what browsers refuse (10080).
 */
const [LOWEST, HIGHEST] = [10_240, 32_767];
const MOST_TRIES = 1_000;

const given = new Set<number>();

/** A port of the loopback address that is free now, and that this process was not given before. */
export const freePort = async (): Promise<number> => {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree('127.0.0.1', port)) return port;
  }
  throw new Error(
    `No port of 127.0.0.1 from ${LOWEST} to ${HIGHEST} was free in ${MOST_TRIES} tries: end programs that listen there.`,
  );
};

/** True when nobody listens on a port of this machine. */
export const isFree = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
