import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const asked = z.object({
  messages: z.array(z.object({ role: z.string() })),
  tools: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
});

export interface ScriptedModel {
  /** For the credential: with /v1. */
  url: string;
  /** How often it was asked. */
  asked: () => number;
  stop: () => Promise<void>;
}

/**
 * A model that speaks OpenAI's chat completions: it calls every tool it is offered once with these arguments, then says
 * that it is done.
 */
export const startScriptedModel = async (args: (tool: string) => object): Promise<ScriptedModel> => {
  let count = 0;
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      count += 1;
      const { messages, tools = [] } = asked.parse(JSON.parse(Buffer.concat(parts).toString()));
      const isDone = messages.some(({ role }) => role === 'tool');
      const calls = tools.map(({ function: { name } }, index) => ({
        id: `call_${count}_${index}`,
        type: 'function',
        function: { name, arguments: JSON.stringify(args(name)) },
      }));
      const message = isDone
        ? { role: 'assistant', content: 'Done.' }
        : { role: 'assistant', content: null, tool_calls: calls };
      const choices = [{ index: 0, message, finish_reason: isDone ? 'stop' : 'tool_calls' }];
      const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
      response
        .setHeader('content-type', 'application/json')
        .end(
          JSON.stringify({ id: `c${count}`, object: 'chat.completion', created: 1, model: 'scripted', choices, usage }),
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: () => count,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
