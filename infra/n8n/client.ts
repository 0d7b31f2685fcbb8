import { setTimeout as sleep } from 'node:timers/promises';

/**
 * n8n's own REST API, as its editor uses it, signed in as the owner. The version of n8n is pinned, so it holds still.
 */
export interface N8nClient {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
  delete(path: string): Promise<void>;
}

/** Signs in and returns a client. Right after its start n8n may not know its owner yet: that is waited for. */
export const signIn = async (url: string, owner: { email: string; password: string }): Promise<N8nClient> => {
  const cookie = await cookieFor(url, owner);
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/rest${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`n8n answered ${method} ${path} with ${response.status}: ${text.slice(0, 500)}`);
    return text === '' ? undefined : (JSON.parse(text) as { data?: unknown }).data;
  };
  // n8n's responses have the form that its pinned version gives them.
  return {
    get: async <Answer>(path: string) => (await ask('GET', path)) as Answer,
    post: async <Answer>(path: string, body: unknown) => (await ask('POST', path, body)) as Answer,
    patch: async <Answer>(path: string, body: unknown) => (await ask('PATCH', path, body)) as Answer,
    delete: async (path) => void (await ask('DELETE', path)),
  };
};

const cookieFor = async (url: string, owner: { email: string; password: string }): Promise<string> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url}/rest/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ emailOrLdapLoginId: owner.email, password: owner.password }),
    });
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    if (response.ok && cookie) return cookie;
    if (attempt >= 20)
      throw new Error(`n8n does not let its owner ${owner.email} in: ${response.status} ${await response.text()}`);
    await sleep(500);
  }
};
