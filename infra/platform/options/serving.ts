import { z } from 'zod';
import { namesProxies, readProxies } from '../trusted-proxies.ts';
import { HTTP_PORT_EXPECTED, httpPort, httpUrl, list, option, toggle, wholeNumber } from './declare.ts';

/** Traces, limits and logs of the gateway, demo data and n8n. */
export const servingOptions = {
  otlp: option({
    flag: 'otlp',
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    value: 'URL',
    help: 'where to send traces',
    defaultInWords: 'nowhere',
    schema: httpUrl.optional(),
    expected: 'a URL like http://localhost:4318',
  }),
  cors: option({
    flag: 'cors',
    variable: 'CORS_ORIGINS',
    value: 'ORIGIN,…',
    help: 'web origins that may call the API from a browser',
    defaultInWords: 'none',
    schema: list.default([]),
    expected: 'origins like https://shop.example separated by commas',
  }),
  trustProxy: option({
    flag: 'trust-proxy',
    variable: 'TRUST_PROXY',
    value: 'N|NETWORK,…',
    help: 'proxies in front that tell the address of visitors: how many, or their addresses and networks',
    defaultInWords: 'none',
    schema: list.refine(namesProxies).transform(readProxies).default([]),
    expected:
      'a number of proxies like 1, or addresses and networks like 10.0.0.0/8, loopback or uniquelocal separated by commas',
  }),
  ratePerKey: option({
    flag: 'rate-per-key',
    variable: 'RATE_PER_KEY',
    value: 'N',
    help: 'requests a minute for one key or customer',
    default: '6000',
    schema: wholeNumber(1),
    expected: 'a number, 1 or more',
  }),
  ratePerAddress: option({
    flag: 'rate-per-address',
    variable: 'RATE_PER_ADDRESS',
    value: 'N',
    help: 'requests a minute for one address without key or account',
    default: '1200',
    schema: wholeNumber(1),
    expected: 'a number, 1 or more',
  }),
  logLevel: option({
    flag: 'log',
    variable: 'LOG_LEVEL',
    value: 'LEVEL',
    help: 'fatal, error, warn, info or debug',
    default: 'warn',
    schema: z.enum(['fatal', 'error', 'warn', 'info', 'debug']),
    expected: 'one of fatal, error, warn, info, debug',
  }),
  withoutDemoData: option({
    flag: 'without-demo-data',
    variable: 'WITHOUT_DEMO_DATA',
    help: 'start empty',
    schema: toggle.default(false),
    expected: 'true or false',
  }),
  n8nPort: option({
    flag: 'n8n-port',
    variable: 'N8N_PORT',
    value: 'N',
    help: 'port of the n8n editor; 0 takes a free one',
    default: '5678',
    schema: httpPort,
    expected: HTTP_PORT_EXPECTED,
  }),
  withoutN8n: option({
    flag: 'without-n8n',
    variable: 'WITHOUT_N8N',
    help: 'no editor and no journeys: orders wait until somebody confirms them',
    schema: toggle.default(false),
    expected: 'true or false',
  }),
};
