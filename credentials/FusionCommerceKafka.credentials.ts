import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { tlsFields } from '../nodes/run/tls.ts';

const withSasl = { hide: { saslMechanism: ['none'] } };

export class FusionCommerceKafka implements ICredentialType {
  name = 'fusionCommerceKafka';

  displayName = 'FusionCommerce Kafka';

  icon: Icon = { light: 'file:fusionCommerceKafka.svg', dark: 'file:fusionCommerceKafka.dark.svg' };

  documentationUrl =
    'https://github.com/fusioncommerce/n8n-nodes-fusioncommerce/blob/main/credentials/README.md#fusioncommerce-kafka';

  properties: INodeProperties[] = [
    {
      displayName: 'Brokers',
      name: 'brokers',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. kafka-1:9092, kafka-2:9092',
      description: 'The addresses of Kafka, as host:port, separated by commas',
    },
    {
      displayName: 'Client ID',
      name: 'clientId',
      type: 'string',
      default: 'n8n-fusioncommerce',
      description: 'The name under which this n8n appears in Kafka’s logs and quotas',
    },
    {
      displayName: 'Authentication',
      name: 'saslMechanism',
      type: 'options',
      options: [
        { name: 'None', value: 'none' },
        { name: 'Plain', value: 'plain' },
        { name: 'SCRAM-SHA-256', value: 'scram-sha-256' },
        { name: 'SCRAM-SHA-512', value: 'scram-sha-512' },
      ],
      default: 'none',
      description: 'How users sign in to Kafka (SASL mechanism)',
    },
    {
      displayName: 'Username',
      name: 'username',
      type: 'string',
      default: '',
      displayOptions: withSasl,
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: withSasl,
    },
    ...tlsFields({ one: 'a broker', its: 'the brokers’ certificates', those: 'brokers' }),
  ];
}
