import { parameterJson, type ParameterType } from './parameters.ts';
import { readJson } from './read-json.ts';
import { lostConnection, refusal } from './error-messages.ts';
import { supervisorSpec } from './supervisor-spec.ts';

const zone = 'Europe/Berlin';
const code = (work: () => unknown): string => {
  try {
    work();
    return 'nothing';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('parameters of a query', () => {
  test.each<[ParameterType, unknown, string]>([
    ['BIGINT', '9223372036854775807', '{"type":"BIGINT","value":9223372036854775807}'],
    ['INTEGER', 7, '{"type":"INTEGER","value":7}'],
    ['DOUBLE', '0.5', '{"type":"DOUBLE","value":0.5}'],
    ['BOOLEAN', true, '{"type":"BOOLEAN","value":true}'],
    ['TIMESTAMP', '2026-07-01T12:00:00', '{"type":"TIMESTAMP","value":"2026-07-01T10:00:00.000Z"}'],
    ['TIMESTAMP', '2026-07-01T12:00:00Z', '{"type":"TIMESTAMP","value":"2026-07-01T12:00:00.000Z"}'],
    ['VARCHAR', `it's "quoted"`, String.raw`{"type":"VARCHAR","value":"it's \"quoted\""}`],
    ['ARRAY', '[1, null]', '{"type":"ARRAY","value":[1,null]}'],
    ['DOUBLE', null, '{"type":"DOUBLE","value":null}'],
  ])('%s %j', (type, value, expected) => {
    expect(parameterJson(type, value, 1, zone)).toBe(expected);
  });

  test.each<[ParameterType, unknown]>([
    ['BIGINT', '1.5'],
    ['BIGINT', 2 ** 60],
    ['INTEGER', ''],
    ['DOUBLE', 'many'],
    ['BOOLEAN', 'perhaps'],
    ['TIMESTAMP', 'soon'],
    ['ARRAY', 'a, b'],
  ])('%s refuses %j', (type, value) => {
    expect(code(() => parameterJson(type, value, 1, zone))).toBe('INVALID_VALUE');
  });
});

test('whole numbers keep their digits as text where JavaScript would round them', () => {
  expect(readJson('[{"a": 9007199254740993, "b": 7, "c": 1e300}]', true)).toEqual([
    { a: '9007199254740993', b: 7, c: 1e300 },
  ]);
  expect(readJson('[{"a": 9007199254740993}]', false)).toEqual([{ a: 9007199254740992 }]);
  expect(readJson('[{"a": 1}', true)).toBeUndefined();
});

describe('a supervisor’s specification', () => {
  const kafka = {
    type: 'kafka',
    spec: {
      dataSchema: { dataSource: 'orders' },
      ioConfig: { topic: 'commerce.orders', consumerProperties: { 'bootstrap.servers': 'kafka:9092' } },
    },
  };

  test('is taken as JSON text or as an object', () => {
    expect(supervisorSpec(JSON.stringify(kafka))).toEqual(kafka);
    expect(supervisorSpec({ type: 'autocompact', spec: {} })).toEqual({ type: 'autocompact', spec: {} });
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['a list', []],
    ['no type', { spec: kafka.spec }],
    ['no data source', { ...kafka, spec: { ...kafka.spec, dataSchema: {} } }],
    ['no topic', { ...kafka, spec: { ...kafka.spec, ioConfig: { ...kafka.spec.ioConfig, topic: '' } } }],
    ['no Kafka', { ...kafka, spec: { ...kafka.spec, ioConfig: { topic: 'a' } } }],
  ])('with %s is refused before Druid sees it', (_what, spec) => {
    expect(code(() => supervisorSpec(spec))).toBe('INVALID_SPECIFICATION');
  });
});

test.each<[number, string, string]>([
  [400, '{"error":"druidException","errorMessage":"Object \'x\' not found."}', 'INVALID_INPUT'],
  [401, '', 'AUTHENTICATION_FAILED'],
  [403, '{"error":"Forbidden"}', 'ACCESS_DENIED'],
  [404, '{"error":"Cannot find any supervisor with id: [x]"}', 'NOT_FOUND'],
  [500, '{"error":"Query timeout","errorMessage":"Timed out"}', 'TIMEOUT'],
  [502, '<html>', 'DRUID_FAILED'],
])('a refusal with status %i is said in words', (status, text, expected) => {
  expect(refusal(status, text, 'http://druid:8888').code).toBe(expected);
});

test.each<[string, RegExp]>([
  ['/druid/v2/sql', /the option Timeout/],
  ['/druid/indexer/v1/supervisor', /Run it again: what was ordered of a supervisor twice is done once/],
])('what to do about no answer in time from %s fits the operation', (path, advice) => {
  const { error, again } = lostConnection(new Error('timeout of 30000ms exceeded'), { baseUrl: 'http://druid', path });
  expect([error.code, again]).toEqual(['TIMEOUT', false]);
  expect(error.advice).toMatch(advice);
});
