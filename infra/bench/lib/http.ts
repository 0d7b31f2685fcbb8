import { Agent, request as send } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number;
  body: unknown;
}

export interface Http {
  /** One JSON request over kept-alive connections; `idempotencyKey` for commands. */
  ask(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Answer>;
  /** Like ask, and throws unless the answer is a success; returns its body. */
  expect<Body>(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<Body>;
  close(): void;
}

/** A lean client: on two cores what the load generator burns is missing in what it measures. */
export const openHttp = (url: string, credential: string, connections: number): Http => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(url);
  const ask: Http['ask'] = (method, path, body, idempotencyKey) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers: Record<string, string | number> = { authorization: `Bearer ${credential}` };
      if (payload !== undefined) {
        headers['content-type'] = 'application/json';
        headers['content-length'] = Buffer.byteLength(payload);
      }
      if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
      const sent = send({ agent, hostname, port, method, path, headers }, (response) => {
        text(response).then(
          (content) =>
            resolve({ status: response.statusCode ?? 0, body: content ? (JSON.parse(content) as unknown) : undefined }),
          reject,
        );
      });
      sent.on('error', reject);
      sent.end(payload);
    });
  return {
    ask,
    expect: async <Body>(method: string, path: string, body?: unknown, idempotencyKey?: string) => {
      const answer = await ask(method, path, body, idempotencyKey);
      if (answer.status >= 300)
        throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body).slice(0, 500)}`);
      return answer.body as Body;
    },
    close: () => agent.destroy(),
  };
};
