import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { tlsFields } from '../nodes/run/tls.ts';

export class YugabyteDb implements ICredentialType {
  name = 'yugabyteDb';

  displayName = 'YugabyteDB';

  icon: Icon = { light: 'file:yugabyteDb.svg', dark: 'file:yugabyteDb.dark.svg' };

  documentationUrl =
    'https://github.com/fusioncommerce/n8n-nodes-fusioncommerce/blob/main/credentials/README.md#yugabytedb';

  properties: INodeProperties[] = [
    {
      displayName: 'Host',
      name: 'host',
      type: 'string',
      default: 'localhost',
      required: true,
      description: 'The host name of a node of YugabyteDB, or of their load balancer',
    },
    {
      displayName: 'Port',
      name: 'port',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 65535 },
      default: 5433,
      description: 'The port of YSQL; PostgreSQL has 5432',
    },
    {
      displayName: 'Database',
      name: 'database',
      type: 'string',
      default: 'yugabyte',
      required: true,
    },
    {
      displayName: 'User',
      name: 'user',
      type: 'string',
      default: 'yugabyte',
      required: true,
      description: 'A user with no more rights than the workflows need',
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
    },
    {
      displayName: 'Maximum Connections',
      name: 'maxConnections',
      type: 'number',
      typeOptions: { minValue: 1, maxValue: 100 },
      default: 10,
      description: 'How many connections executions may have open at once; further ones wait',
    },
    ...tlsFields({ one: 'a server', its: 'the server’s certificate', those: 'servers' }),
  ];
}
