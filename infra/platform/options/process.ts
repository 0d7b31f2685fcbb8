import { z } from 'zod';
import { list, option, port } from './declare.ts';

/** Where a process listens, keeps its data, and which services run in it. */
export const processOptions = {
  port: option({
    flag: 'port',
    variable: 'PORT',
    value: 'N',
    help: 'public port of the gateway; 0 takes a free one',
    default: '3000',
    schema: port,
    expected: 'a port number, 0 to 65535',
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
    schema: list.pipe(z.array(z.string().regex(/^[a-z]+=https?:\/\//))).default([]),
    expected: 'pairs like wallet=http://127.0.0.1:3001 separated by commas',
  }),
};
