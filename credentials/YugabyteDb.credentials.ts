import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

const withTls = { show: { ssl: [true] } };

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
      description: 'Where a node of YugabyteDB, or the load balancer before them, answers',
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
    {
      displayName: 'TLS',
      name: 'ssl',
      type: 'boolean',
      default: false,
      description: 'Whether to encrypt the connection',
    },
    {
      displayName: 'Reject Unknown Certificates',
      name: 'rejectUnauthorized',
      type: 'boolean',
      default: true,
      displayOptions: withTls,
      description: 'Whether to refuse a server whose certificate no known authority has signed',
    },
    {
      displayName: 'CA Certificate',
      name: 'ca',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      displayOptions: withTls,
      description: 'The authority that signed the server’s certificate, in PEM format, when it is one of your own',
    },
    {
      displayName: 'Client Certificate',
      name: 'certificate',
      type: 'string',
      typeOptions: { rows: 4, password: true },
      default: '',
      displayOptions: withTls,
      description: 'For servers that ask clients for a certificate, in PEM format',
    },
    {
      displayName: 'Client Key',
      name: 'privateKey',
      type: 'string',
      typeOptions: { rows: 4, password: true },
      default: '',
      displayOptions: withTls,
      description: 'The private key of the client certificate, in PEM format',
    },
  ];
}
