import { describe, expect, test } from '@jest/globals';
import { chooseDataCentre } from './cluster.ts';
import { createKeyspaceStatement } from './keyspace.ts';

describe('the statement that makes a keyspace', () => {
  test('spreads copies over the data centre', () => {
    expect(createKeyspaceStatement({ dataCentre: 'dc1', knowsTablets: false }, 'shop', 3)).toBe(
      `CREATE KEYSPACE IF NOT EXISTS shop WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': 3}`,
    );
  });

  test('switches tablets off where the server knows the word, and only there', () => {
    expect(createKeyspaceStatement({ dataCentre: "d'c", knowsTablets: true }, 'shop', 1)).toBe(
      `CREATE KEYSPACE IF NOT EXISTS shop WITH replication = {'class': 'NetworkTopologyStrategy', 'd''c': 1} AND tablets = {'enabled': false}`,
    );
  });
});

describe('the data centre', () => {
  test('is the only one, or the one that is wanted', () => {
    expect(chooseDataCentre(['dc1'], undefined)).toBe('dc1');
    expect(chooseDataCentre(['dc1', 'dc2'], 'dc2')).toBe('dc2');
  });

  test('has to be said where there are several', () => {
    expect(() => chooseDataCentre(['dc1', 'dc2'], undefined)).toThrow(
      'The CQL cluster has the data centres dc1, dc2: say which one is near this process.',
    );
  });
});
