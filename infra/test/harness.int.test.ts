import { z } from 'zod';
import { defineContract, event, id, operation, text } from '../../microservices/chassis/contract/index.ts';
import { command } from '../../microservices/chassis/http/command.ts';
import type { HandlersOf } from '../../microservices/chassis/http/handlers.ts';
import { newId } from '../../microservices/chassis/ids.ts';
import { react } from '../../microservices/chassis/events/reaction.ts';
import { defineService } from '../../microservices/chassis/service.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

const noteContract = defineContract({
  domain: 'notes',
  title: 'Notes',
  description: 'The smallest domain there can be.',
  version: 1,
  operations: {
    writeNote: operation({
      method: 'POST',
      path: '/notes',
      title: 'Write note',
      description: 'Keeps a text.',
      access: { scope: 'notes:write' },
      input: z.object({ text: text(50) }),
      output: z.object({ id: id('not'), text: z.string() }),
      successStatus: 201,
    }),
  },
  events: {
    'note.written': event({
      title: 'Note written',
      description: 'A note is there.',
      aggregate: 'note',
      payload: z.object({ noteId: id('not') }),
    }),
  },
});

const handlers: HandlersOf<typeof noteContract> = {
  writeNote: command(async (tx, input) => {
    const note = { id: newId('not'), text: input.text };
    tx.append('note.written', note.id, { noteId: note.id });
    return note;
  }),
};

const notes = defineService({
  contract: noteContract,
  migrations: new URL('./', import.meta.url),
  build: () => ({ handlers }),
});

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startTestPlatform({ services: [notes] });
});
afterAll(() => platform.stop());

test('when a command commits, then its answer comes over HTTP and its event over Kafka', async () => {
  const note = await platform.client(noteContract).writeNote({ text: 'hello' }, { idempotencyKey: 'first' });
  const event = await platform.waitForEvent('note.written');
  expect(event).toMatchObject({ subject: note.id, sequence: 1, data: { noteId: note.id }, source: '/notes' });
});

test('when the same command comes again under the same key, then the first answer is repeated and nothing else happens', async () => {
  const client = platform.client(noteContract);
  const first = await client.writeNote({ text: 'once' }, { idempotencyKey: 'again' });
  expect(await client.writeNote({ text: 'once' }, { idempotencyKey: 'again' })).toEqual(first);
  await expect(client.writeNote({ text: 'other' }, { idempotencyKey: 'again' })).rejects.toMatchObject({
    code: 'IDEMPOTENCY_KEY_REUSED',
    status: 422,
  });
});

test('a service that reacts to events of a domain that nobody named is refused in words', async () => {
  const readers = defineService({
    contract: defineContract({
      domain: 'readers',
      title: 'Readers',
      description: 'Reads what others write.',
      version: 1,
      operations: {},
      events: {},
    }),
    migrations: new URL('./', import.meta.url),
    build: () => ({ handlers: {}, reactions: [react(noteContract, 'note.written', async () => undefined)] }),
  });
  await expect(startTestPlatform({ services: [readers] })).rejects.toThrow(
    'The service readers reacts to note.written, but the platform was started without the contract of notes.',
  );
});
