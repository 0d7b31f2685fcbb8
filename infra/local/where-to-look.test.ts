import type { RunningPlatform } from '../platform/start-platform.ts';
import { silentProgress } from '../process/progress.ts';
import { printWhereToLook } from './where-to-look.ts';

const owner = { email: 'owner@example.com', password: 'a-password', encryptionKey: 'k' };
const platform: RunningPlatform = {
  url: 'http://127.0.0.1:3000',
  adminUrl: undefined,
  services: [],
  stop: async () => undefined,
};

const printed = (isFirstStart: boolean): string => {
  const lines: string[] = [];
  const n8n = { url: 'http://127.0.0.1:5678', owner, isFirstStart };
  printWhereToLook(platform, { dataFolder: 'data', n8n }, { ...silentProgress, say: (line) => void lines.push(line) });
  return lines.join('\n');
};

test('n8n’s password is printed at the first start only; later the file that holds it is named', () => {
  expect(printed(true)).toContain('owner@example.com  a-password');
  expect(printed(false)).not.toContain('a-password');
  expect(printed(false)).toContain('owner@example.com  (password in data/access.json)');
});
