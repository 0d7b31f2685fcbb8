import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, answers, answersOk } from './answers.ts';

let server: Server;
let answer: (response: ServerResponse) => void;
let url: string;

beforeAll(async () => {
  server = createServer((_request, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

test('a good answer is told with its text', async () => {
  answer = (response) => response.end('true\n');
  expect(await answerOf(url)).toBe('true\n');
  expect(await answersOk(url)).toBe(true);
  expect(await answers(url)).toBe(true);
});

test('an empty answer is one', async () => {
  answer = (response) => response.writeHead(204).end();
  expect(await answersOk(url)).toBe(true);
});

test('a refusal is none', async () => {
  answer = (response) => response.writeHead(503).end('not yet');
  expect(await answersOk(url)).toBe(false);
  expect(await answerOf(url)).toBeUndefined();
});

test('an answer that begins and never ends is none', async () => {
  answer = (response) => response.write('{');
  expect(await answersOk(url)).toBe(false);
});

test('an answer that breaks off is none', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': 100 }).write('{');
    setImmediate(() => response.destroy());
  };
  expect(await answersOk(url)).toBe(false);
});

test('nobody there is no answer', async () => {
  expect(await answersOk('http://127.0.0.1:1')).toBe(false);
  expect(await answers('127.0.0.1:1')).toBe(false);
});
