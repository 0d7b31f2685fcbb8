import type {
  IAuthenticateGeneric,
  Icon,
  ICredentialTestRequest,
  ICredentialType,
  INodeProperties,
} from 'n8n-workflow';

export class FusionCommerceApi implements ICredentialType {
  name = 'fusionCommerceApi';

  displayName = 'FusionCommerce API';

  icon: Icon = { light: 'file:fusionCommerceApi.svg', dark: 'file:fusionCommerceApi.dark.svg' };

  documentationUrl =
    'https://github.com/fusioncommerce/n8n-nodes-fusioncommerce/blob/main/credentials/README.md#fusioncommerce-api';

  properties: INodeProperties[] = [
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      required: true,
      default: 'http://127.0.0.1:3000',
      description: 'The address of the FusionCommerce gateway, without /v1',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      required: true,
      default: '',
      description: 'A key that begins with fc_, with the scopes that your workflows need, for example orders:*',
    },
    {
      displayName: 'Rehearsal',
      name: 'rehearsal',
      type: 'boolean',
      default: false,
      description:
        'Whether FusionCommerce nodes only rehearse: the platform responds as it would and changes nothing, so "Execute workflow" moves no money and sends no message. Each output then has rehearsal: true. A step that needs what an earlier one would have made fails. Other nodes act for real.',
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
  };

  test: ICredentialTestRequest = {
    request: {
      baseURL: '={{$credentials.baseUrl.replace(/\\/+$/, "")}}',
      url: '/v1/api-keys/current',
    },
  };
}
