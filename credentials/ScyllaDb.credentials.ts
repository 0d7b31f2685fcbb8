import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { tlsFields } from '../nodes/run/tls.ts';

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
      description: 'The addresses of ScyllaDB or Cassandra, as host:port, separated by commas. Without a port: 9042.',
    },
    {
      displayName: 'Data Center',
      name: 'localDataCenter',
      type: 'string',
      default: '',
      placeholder: 'e.g. datacenter1',
      description: 'The data center that is nearest to this n8n; only its nodes are queried. Empty: every node.',
    },
    {
      displayName: 'Keyspace',
      name: 'keyspace',
      type: 'string',
      default: '',
      placeholder: 'e.g. shop',
      description: 'The keyspace of nodes that name none',
    },
    {
      displayName: 'User',
      name: 'username',
      type: 'string',
      default: '',
      description: 'Empty for a database without sign-in',
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
    },
    ...tlsFields({ one: 'a node', its: 'the nodes’ certificates', those: 'clusters' }),
  ];
}
