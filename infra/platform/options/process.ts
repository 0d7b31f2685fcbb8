import { z } from 'zod';
import { HTTP_PORT_EXPECTED, httpPort, list, option } from './declare.ts';
import { hasRefusedPort } from './refused-ports.ts';

/** Where a process listens, keeps its data, and which services run in it. */
export const processOptions = {
  port: option({
    flag: 'port',
    variable: 'PORT',
    value: 'N',
    help: 'public port of the gateway; 0 takes a free one',
    default: '3000',
    schema: httpPort,
    expected: HTTP_PORT_EXPECTED,
  }),
  adminPort: option({
    flag: 'admin-port',
    variable: 'ADMIN_PORT',
    value: 'N',
    help: 'a second port for /metrics, /healthz and /readyz, open to everybody who reaches it; 0 takes a free one',
    defaultInWords: 'none',
    schema: httpPort.optional(),
    expected: HTTP_PORT_EXPECTED,
  }),
  host: option({
    flag: 'host',
    variable: 'HOST',
    value: 'ADDRESS',
    help: 'address to listen on',
    default: '127.0.0.1',
    schema: z.string().min(1),
    expected: 'an IP address or host name',
  }),
  data: option({
    flag: 'data',
    variable: 'DATA_FOLDER',
    value: 'FOLDER',
    help: 'where the embedded engines keep their data',
    default: '.fusioncommerce',
    schema: z.string().min(1),
    expected: 'a folder',
  }),
  services: option({
    flag: 'services',
    variable: 'SERVICES',
    value: 'A,B',
    help: 'only these services run in this process',
    defaultInWords: 'all',
    schema: list.optional(),
    expected: 'names of services separated by commas',
  }),
  serviceUrls: option({
    flag: 'service-urls',
    variable: 'SERVICE_URLS',
    value: 'A=URL,…',
    help: 'URLs of services that do not run in this process',
    schema: list
      .pipe(
        z.array(
          z
            .string()
            .regex(/^[a-z]+=https?:\/\//)
            .refine((pair) => !hasRefusedPort(pair.replace(/^[a-z]+=/, ''))),
        ),
      )
      .default([]),
    expected:
      'pairs like wallet=http://127.0.0.1:3001 separated by commas, on ports that browsers do not refuse (they refuse 4190, 6000, 6667 and others)',
  }),
};
