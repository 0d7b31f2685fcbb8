import { randomUUID } from 'node:crypto';
import { pathOf } from '../../../microservices/chassis/contract/index.ts';
import type { NamedOperation } from '../../../microservices/chassis/contract/identifiers.ts';

export interface Sent {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined when there is none. */
  body: unknown;
}

/** Longest text that goes into an address; a server may refuse longer ones as 431. */
const LONGEST = 2_000;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

/**
 * Sends an input as a client would, only without a client's checks: parameters into the path and the query, the rest as
 * JSON. A stream's body is the input's field `body`, or CSV that holds the input.
 */
export const sendOperation = async (
  url: string,
  { contract, declared }: NamedOperation,
  input: unknown,
  { credential, headers = {} }: { credential?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Sent> => {
  const fields: Record<string, unknown> =
    input !== null && typeof input === 'object' && !Array.isArray(input) ? { ...input } : {};
  const path = pathOf(contract, declared).replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = textOf(fields[name] ?? 'missing');
    Reflect.deleteProperty(fields, name);
    return encodeURIComponent(value.toWellFormed().slice(0, LONGEST)) || '%20';
  });
  const address = new URL(path, url);
  const sent: Record<string, string> = { ...(credential ? { authorization: `Bearer ${credential}` } : {}), ...headers };
  if (declared.method === 'GET') {
    for (const [name, value] of Object.entries(fields))
      for (const one of Array.isArray(value) ? value : [value])
        address.searchParams.append(name, textOf(one).slice(0, LONGEST));
    return read(await fetch(address, { headers: sent }));
  }
  const isRest = input === undefined || (input !== null && typeof input === 'object' && !Array.isArray(input));
  const body = declared.stream ? streamOf(fields) : JSON.stringify(isRest ? fields : input);
  return read(
    await fetch(address, {
      method: declared.method,
      headers: {
        'content-type': declared.stream ?? 'application/json',
        'idempotency-key': randomUUID(),
        ...sent,
      },
      body,
    }),
  );
};

const streamOf = ({ body, ...rest }: Record<string, unknown>): string =>
  typeof body === 'string'
    ? body
    : `sku,title,price,currency\n"A-1","${JSON.stringify(rest)}",1.00,EUR\n\u0000,,"unclosed`;

const read = async (response: Response): Promise<Sent> => {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
