import { Router, type RequestHandler, type Response } from 'express';
import { Problem } from '../../../chassis/problem.ts';
import type { Context } from '../../context.ts';
import { groupsContract } from '../../contract.ts';
import { shareCode } from '../../contract/values.ts';
import { isLive, type Counters } from './counters.ts';
import type { Hub, Watcher } from './hub.ts';

const PATH = `/v${groupsContract.version}/groups/shared/:code/live`;
/** Said again after this time, so that proxies keep the connection and browsers' clocks stay right. */
const HEARTBEAT_MS = 15_000;
/** Browsers connect anew after so long. */
const LONGEST_MS = 900_000;
const RETRY_MS = 2_000;

interface LiveOptions extends Pick<Context, 'now'> {
  read: (code: string) => Promise<Counters | undefined>;
  hub: Hub;
}

/**
 * The counters of a shared team as server-sent events (HTML standard, section 9.2): one at once, one at each change,
 * and the last one when the team ends. Public, as the team of a share link is.
 */
export const liveRoute = ({ read, hub, now }: LiveOptions): RequestHandler => {
  const router = Router();
  router.get(PATH, async (request, response) => {
    const code = shareCode.safeParse(request.params['code']);
    const counters = code.success ? await read(code.data) : undefined;
    if (!code.success || !counters) throw noTeam(String(request.params['code']).slice(0, 40));
    // A browser that comes back for a team that has ended is told to stay away (HTML standard, section 9.2.3).
    if (!isLive(counters) && request.headers['last-event-id'] !== undefined) return void response.status(204).end();
    const watcher = watcherOf(response, now);
    if (isLive(counters) && !hub.add(code.data, watcher)) throw full();
    response.once('close', () => hub.remove(code.data, watcher));
    response.writeHead(200, HEADERS);
    response.write(`retry: ${RETRY_MS}\n\n`);
    watcher.tell(counters);
    if (!isLive(counters)) watcher.end();
  });
  return router;
};

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // nginx would collect them otherwise.
  'x-accel-buffering': 'no',
};

/** Writes what changed. Who reads slowly misses what lies between, never the latest. */
const watcherOf = (response: Response, now: () => Date): Watcher => {
  const started = Date.now();
  let [sent, sentAt, isFull] = ['', 0, false];
  response.on('drain', () => (isFull = false));
  return {
    tell: (counters) => {
      if (Date.now() - started > LONGEST_MS) return void response.end();
      const text = JSON.stringify(counters);
      if (isFull || (text === sent && Date.now() - sentAt < HEARTBEAT_MS)) return;
      [sent, sentAt] = [text, Date.now()];
      isFull = !response.write(eventOf(counters, now()));
    },
    end: () => void response.end(),
  };
};

const eventOf = (counters: Counters, at: Date): string => {
  const secondsLeft = Math.max(0, Math.ceil((Date.parse(counters.expiresAt) - at.getTime()) / 1_000));
  const data = { ...counters, secondsLeft: isLive(counters) ? secondsLeft : 0 };
  return `id: ${at.getTime()}\nevent: team\ndata: ${JSON.stringify(data)}\n\n`;
};

const noTeam = (code: string): Problem =>
  new Problem({
    ...{ code: 'TEAM_NOT_FOUND', status: 404, title: 'Team not found' },
    detail: `There is no team with the code ${code}. Ask for the link again, or open a team.`,
  });

const full = (): Problem =>
  new Problem({
    ...{ code: 'TOO_MANY_WATCHERS', status: 503, title: 'Too many watchers' },
    detail: 'As many people watch teams as this process can serve. Read the team again in a few seconds instead.',
    headers: { 'retry-after': '5' },
  });
