import https from 'node:https';
import { connect } from 'node:net';

const PATIENCE_MS = 2_000;

/**
 * True when something accepts a connection where an engine's address says, "host:port" or a URL, within two seconds.
 */
export const answers = (address: string): Promise<boolean> => {
  const { hostname, port } = new URL(address.includes('://') ? address : `tcp://${address}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', end(true)).once('error', end(false)).setTimeout(PATIENCE_MS, end(false));
  });
};

/** The body that a URL returns with a status of 200 to 299 within two seconds; undefined for everything else. */
export const answerOf = (url: string): Promise<string | undefined> =>
  fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) })
    // Read to its end also where it says no, so that the connection is free again.
    .then(async (response) => [response.ok, await response.text()] as const)
    .then(([ok, text]) => (ok ? text : undefined))
    // Also where the time runs out in the middle of an answer.
    .catch(() => undefined);

/**
 * True when a URL answers with a status of 200 to 299 within two seconds; over TLS with a certificate that this
 * authority (PEM) signed, where one is given.
 */
export const answersOk = async (url: string, authority?: string): Promise<boolean> =>
  authority === undefined ? (await answerOf(url)) !== undefined : answersTrusted(url, authority);

/** fetch cannot be told of an authority. */
const answersTrusted = (url: string, authority: string): Promise<boolean> =>
  new Promise((resolve) => {
    const options = { ca: authority, agent: false, signal: AbortSignal.timeout(PATIENCE_MS) };
    const request = https.get(url, options, (response) => {
      const { statusCode = 0 } = response;
      response.once('end', () => resolve(statusCode >= 200 && statusCode < 300)).once('error', () => resolve(false));
      response.resume();
    });
    request.once('error', () => resolve(false));
  });
