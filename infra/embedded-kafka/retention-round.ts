import { startWriter } from './log/append.ts';
import { activeIsTooOld, applyRetention } from './log/retention.ts';
import type { TopicStore } from './topics/topic-store.ts';

const roundMs = 5_000;

/** Deletes what is past its retention, every few seconds; returns how to stop. Costs nothing while nothing is old. */
export function startRetentionRounds(store: TopicStore): () => void {
  const timer = setInterval(() => {
    void retentionRound(store).catch((error: unknown) => {
      store.log({ level: 'error', message: 'a round of retention failed', error: String(error) });
    });
  }, roundMs).unref();
  return () => clearInterval(timer);
}

async function retentionRound(store: TopicStore): Promise<void> {
  for (const topic of store.topics.values()) {
    for (const log of topic.partitions) {
      if (log.closed !== null) continue;
      await applyRetention(log);
      if (!activeIsTooOld(log)) continue;
      log.rollRequested = true;
      startWriter(log);
    }
  }
}
