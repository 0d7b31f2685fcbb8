import type { App } from '../../../microservices/chassis/app.ts';
import type { CallOptions } from '../../../microservices/chassis/client.ts';
import { currentContext } from '../../../microservices/chassis/context.ts';
import type { Contract } from '../../../microservices/chassis/contract/index.ts';
import type { Problem } from '../../../microservices/chassis/problem.ts';
import type { ServiceDefinition } from '../../../microservices/chassis/service.ts';

type Ask = (input: unknown, call?: CallOptions) => Promise<unknown>;

/** What a request asked of other services, by its correlation id, and with which failure one of them shall respond. */
export interface Requests {
  /** Titles of the operations that were asked, in order. */
  asked: (correlationId: string) => readonly string[];
  /** The operation of this title fails from now on, when this request asks it. */
  fail: (correlationId: string, title: string, problem: Problem) => void;
}

interface Story {
  asked: string[];
  failing: Map<string, Problem>;
}

/** The services, watched: what they ask of each other is written down, and fails on demand. */
export const withFailingNeighbours = (
  services: readonly ServiceDefinition[],
): { services: readonly ServiceDefinition[]; requests: Requests } => {
  const stories = new Map<string, Story>();
  const storyOf = (correlationId: string): Story => {
    const story = stories.get(correlationId) ?? { asked: [], failing: new Map<string, Problem>() };
    stories.set(correlationId, story);
    return story;
  };

  const watched = (contract: Contract, client: Record<string, Ask>): Record<string, Ask> =>
    Object.fromEntries(
      Object.entries(client).map(([name, ask]) => [
        name,
        async (input: unknown, call?: CallOptions) => {
          const title = `${contract.domain}.${name}`;
          const { asked, failing } = storyOf(currentContext().correlationId);
          asked.push(title);
          const problem = failing.get(title);
          if (!problem) return ask(input, call);
          problem.origin = title;
          throw problem;
        },
      ]),
    );

  return {
    services: services.map((definition) => ({
      ...definition,
      build: (app: App) =>
        definition.build({
          ...app,
          client: ((contract: Contract) => watched(contract, app.client(contract))) as App['client'],
        }),
    })),
    requests: {
      asked: (correlationId) => [...new Set(stories.get(correlationId)?.asked)],
      fail: (correlationId, title, problem) => void storyOf(correlationId).failing.set(title, problem),
    },
  };
};
