import { z } from 'zod';
import { defineContract, event, id, operation, text } from '../../../microservices/chassis/contract/index.ts';
import { react } from '../../../microservices/chassis/events/reaction.ts';
import { command } from '../../../microservices/chassis/http/command.ts';
import type { HandlersOf } from '../../../microservices/chassis/http/handlers.ts';
import { newId } from '../../../microservices/chassis/ids.ts';
import { defineService, type ServiceDefinition } from '../../../microservices/chassis/service.ts';
import { ordersContract } from '../../../microservices/orders/contract.ts';

const contractOf = (domain: string) =>
  defineContract({
    domain,
    title: domain,
    description: 'A small domain of the idle benchmark: it keeps notes for a day.',
    version: 1,
    operations: {
      writeNote: operation({
        method: 'POST',
        path: `/${domain}/notes`,
        title: 'Write note',
        description: 'Keeps a text for a day.',
        access: { scope: `${domain}:write` },
        input: z.object({ text: text(200) }),
        output: z.object({ id: id('not'), text: z.string() }),
        successStatus: 201,
      }),
    },
    events: {
      'note.written': event({
        title: 'Note written',
        description: 'A note was kept.',
        aggregate: 'note',
        payload: z.object({ noteId: id('not') }),
      }),
    },
  });

const INSERT = `INSERT INTO note (id, text, order_id, expires_at) VALUES ($1, $2, $3, now() + interval '1 day')`;

/**
 * A service like the many small ones to come: a schema, a command with an event, a reaction to orders and a job every
 * five seconds.
 */
export const smallService = (domain: string): ServiceDefinition => {
  const contract = contractOf(domain);
  const handlers: HandlersOf<typeof contract> = {
    writeNote: command(async (tx, input) => {
      const note = { id: newId('not'), text: input.text };
      await tx.run(INSERT, [note.id, note.text, null]);
      tx.append('note.written', note.id, { noteId: note.id });
      return note;
    }),
  };
  const definition = defineService({
    contract,
    migrations: new URL('./migrations/', import.meta.url),
    build: ({ database }) => ({
      handlers,
      reactions: [
        react(ordersContract, 'order.created', async ({ data }, tx) => {
          await tx.run(INSERT, [newId('not'), 'An order was placed', data.orderId]);
        }),
      ],
      jobs: [
        {
          name: 'expire-notes',
          everyMs: 5_000,
          run: async () => {
            await database.run('DELETE FROM note WHERE expires_at < now()');
          },
        },
      ],
    }),
  });
  return definition as unknown as ServiceDefinition;
};
