import { planConnections } from './connection-plan.ts';

test('eight services may hold ten each, as long as the process has as many to lend', () => {
  expect(planConnections({ services: 8, mostPerService: 10, most: 80 })).toEqual({
    total: 80,
    own: 2,
    perService: 2,
    lent: 62,
    mostPerService: 10,
  });
});

test('every plan adds up to its total and keeps at least one connection for each service', () => {
  for (let services = 1; services <= 60; services += 1)
    for (const mostPerService of [1, 2, 10, 100])
      for (const most of [62, 80, 200]) {
        const plan = planConnections({ services, mostPerService, most });
        expect(plan.own + services * plan.perService + plan.lent).toBe(plan.total);
        expect(plan.total).toBeLessThanOrEqual(most);
        expect(plan.perService).toBeGreaterThanOrEqual(1);
        expect(plan.lent).toBeGreaterThanOrEqual(0);
      }
});

test('one service plans no more than it may hold', () => {
  expect(planConnections({ services: 1, mostPerService: 10, most: 80 }).total).toBe(12);
});

test('too few connections are refused, naming how many are needed and what to change', () => {
  expect(() => planConnections({ services: 25, mostPerService: 10, most: 26 })).toThrow(
    /25 services need at least 27 database connections, and this process may open 26\. .*--connections/,
  );
});
