import type { Icon, ICredentialType, INodeProperties } from 'n8n-workflow';

export class MinIo implements ICredentialType {
  name = 'minIo';

  displayName = 'MinIO';

  icon: Icon = { light: 'file:minIo.svg', dark: 'file:minIo.dark.svg' };

  documentationUrl = 'https://github.com/fusioncommerce/n8n-nodes-fusioncommerce/blob/main/credentials/README.md#minio';

  properties: INodeProperties[] = [
    {
      displayName: 'Endpoint',
      name: 'endpoint',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'e.g. http://minio:9000',
      description:
        'Where MinIO, or any other server of the S3 API, answers. Presigned URLs begin with it, so browsers have to reach it too.',
    },
    {
      displayName: 'Access Key',
      name: 'accessKey',
      type: 'string',
      default: '',
      required: true,
    },
    {
      displayName: 'Secret Key',
      name: 'secretKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
    },
    {
      displayName: 'Session Token',
      name: 'sessionToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      description: 'Only for temporary keys',
    },
    {
      displayName: 'Region',
      name: 'region',
      type: 'string',
      default: 'us-east-1',
      description: 'Requests are signed for it. MinIO takes us-east-1 unless it was set up otherwise.',
    },
    {
      displayName: 'Path Style',
      name: 'pathStyle',
      type: 'boolean',
      default: true,
      description:
        'Whether the bucket stands in the path (http://host/bucket/key), as MinIO has it, and not in front of the host',
    },
    {
      displayName: 'Reject Unknown Certificates',
      name: 'rejectUnauthorized',
      type: 'boolean',
      default: true,
      description: 'Whether to refuse an HTTPS server whose certificate no known authority has signed',
    },
    {
      displayName: 'CA Certificate',
      name: 'ca',
      type: 'string',
      typeOptions: { rows: 4 },
      default: '',
      description: 'The authority that signed the server’s certificate, in PEM format, when it is one of your own',
    },
  ];
}
