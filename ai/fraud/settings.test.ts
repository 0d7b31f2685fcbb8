import { readSettings } from './settings.ts';

test('settings have defaults, are read from the environment, and a wrong one is named with what it holds', () => {
  expect(readSettings({})).toEqual({ deadlineMs: 500, jobIntervalMs: 60_000 });
  expect(readSettings({ FRAUD_DEADLINE_MS: '20' })).toMatchObject({ deadlineMs: 20 });
  expect(() => readSettings({ FRAUD_DEADLINE_MS: 'soon' })).toThrow('FRAUD_DEADLINE_MS holds "soon"');
  expect(() => readSettings({ FRAUD_JOB_INTERVAL_MS: '0' })).toThrow('FRAUD_JOB_INTERVAL_MS holds "0"');
});
