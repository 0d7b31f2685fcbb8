import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

const withSasl = { hide: { saslMechanism: ['none'] } };
const withTls = { show: { ssl: [true] } };

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
      description: 'Where Kafka answers, as host:port, separated by commas',
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
      description: 'How Kafka wants users to sign in (SASL mechanism)',
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
      description: 'Whether to refuse a broker whose certificate no known authority has signed',
    },
    {
      displayName: 'CA Certificate',
      name: 'ca',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      displayOptions: withTls,
      description: 'The authority that signed the brokers’ certificates, in PEM format, when it is one of your own',
    },
    {
      displayName: 'Client Certificate',
      name: 'certificate',
      type: 'string',
      typeOptions: { rows: 4, password: true },
      default: '',
      displayOptions: withTls,
      description: 'For brokers that ask clients for a certificate, in PEM format',
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
