import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

const withTls = { show: { ssl: [true] } };

export class ScyllaDb implements ICredentialType {
  name = 'scyllaDb';

  displayName = 'ScyllaDB';

  icon: Icon = { light: 'file:scyllaDb.svg', dark: 'file:scyllaDb.dark.svg' };

  documentationUrl =
    'https://github.com/fusioncommerce/n8n-nodes-fusioncommerce/blob/main/credentials/README.md#scylladb';

  properties: INodeProperties[] = [
    {
      displayName: 'Contact Points',
      name: 'contactPoints',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. scylla-1:9042, scylla-2:9042',
      description: 'Where ScyllaDB or Cassandra answers CQL, as host:port, separated by commas. Without a port: 9042.',
    },
    {
      displayName: 'Data Center',
      name: 'localDataCenter',
      type: 'string',
      default: '',
      placeholder: 'e.g. datacenter1',
      description: 'The data center that is nearest to this n8n; only its nodes are asked. Empty: every node.',
    },
    {
      displayName: 'Keyspace',
      name: 'keyspace',
      type: 'string',
      default: '',
      placeholder: 'e.g. shop',
      description: 'The keyspace that is meant where a node names none',
    },
    {
      displayName: 'User',
      name: 'username',
      type: 'string',
      default: '',
      description: 'Empty where the database asks nobody who they are',
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
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
      description: 'Whether to refuse a node whose certificate no known authority has signed',
    },
    {
      displayName: 'CA Certificate',
      name: 'ca',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      displayOptions: withTls,
      description: 'The authority that signed the nodes’ certificates, in PEM format, when it is one of your own',
    },
    {
      displayName: 'Client Certificate',
      name: 'certificate',
      type: 'string',
      typeOptions: { rows: 4, password: true },
      default: '',
      displayOptions: withTls,
      description: 'For clusters that ask clients for a certificate, in PEM format',
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
