import type { Access } from '../platform/access.ts';
import type { RunningPlatform } from '../platform/start-platform.ts';
import type { Progress } from '../process/progress.ts';

interface WhereToLook {
  /** As the person named the data folder. */
  dataFolder: string;
  n8n: { url: string; owner: Access['n8n']; isFirstStart: boolean } | undefined;
}

/**
 * Says what the whole platform offers and where. n8n's password is shown once; terminals are recorded, and people share
 * their screens.
 */
export const printWhereToLook = (
  platform: RunningPlatform,
  { dataFolder, n8n }: WhereToLook,
  progress: Progress,
): void => {
  const line = (what: string, where: string): void => progress.say(`  ${what.padEnd(18)} ${where}`);
  progress.say('');
  for (const [what, path] of [
    ['Start here', '/'],
    ['API reference', '/reference'],
    ['Event types', '/reference/events'],
    ['Templates', '/templates'],
    ['Journeys', '/journeys'],
    ['Sent messages', '/dev/inbox'],
    ['Dead letters', '/dead-letters'],
    ['Health', '/health'],
  ] as const) {
    line(what, `${platform.url}${path}`);
  }
  line('Administrator key', `in ${dataFolder}/access.json`);
  if (n8n) {
    line('n8n editor', n8n.url);
    const password = n8n.isFirstStart ? n8n.owner.password : `(password in ${dataFolder}/access.json)`;
    line('  sign in with', `${n8n.owner.email}  ${password}`);
  }
  progress.say('');
  progress.say(
    n8n
      ? 'Ready. See one order live with: npm run demo      Stop with Ctrl-C.'
      : 'Ready. Without n8n nobody confirms orders by itself.      Stop with Ctrl-C.',
  );
};

/** Says what a process of some services runs. */
export const printServices = ({ services, url }: RunningPlatform, progress: Progress): void => {
  progress.say('');
  progress.say(`Ready: ${services.map(({ domain }) => domain).join(', ')} at ${url}. Ctrl-C stops.`);
};
