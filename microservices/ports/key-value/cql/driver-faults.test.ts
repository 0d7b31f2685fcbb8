import { expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { Client, Host } from 'cassandra-driver';
import { until } from '../../../chassis/testing/until.ts';
import { mendDriver } from './driver-faults.ts';

/**
 * A client whose control connection is refreshed as the test wants; the real one is lost in `flap.ts` of the engines.
 */
const mended = (refresh: (hosts?: Iterator<Host>) => Promise<void>): ((hosts?: Iterator<Host>) => Promise<void>) => {
  const client = Object.assign(new EventEmitter(), { controlConnection: { _refresh: refresh } });
  mendDriver(client as unknown as Client);
  return (hosts) => client.controlConnection._refresh(hosts);
};

test('who wants the cluster looked at anew joins the look that is under way; after it there is a new one', async () => {
  let begun = 0;
  let end: () => void = () => undefined;
  const refresh = mended(() => {
    begun += 1;
    return new Promise((resolve) => (end = resolve));
  });
  const both = [refresh(), refresh()];
  expect(begun).toBe(1);
  end();
  await Promise.all(both);
  void refresh();
  expect(begun).toBe(2);
});

test('one that goes on with the next host is part of the one under way, and does not wait for it', async () => {
  const hosts = [][Symbol.iterator]();
  const refresh = mended((next) => (next ? Promise.resolve() : refresh(hosts)));
  await refresh();
});

test('one that fails is an error of nobody, and is made again', async () => {
  let begun = 0;
  const refresh = mended(async () => {
    begun += 1;
    if (begun === 1) throw new TypeError("Cannot read properties of null (reading 'endpoint')");
  });
  await refresh();
  await until(() => begun === 2);
});
