import type {
  ICredentialDataDecryptedObject,
  ICredentialTestRequest,
  ICredentialType,
  Icon,
  IHttpRequestOptions,
  INodeProperties,
} from 'n8n-workflow';

const withBasic = { show: { authentication: ['basic'] } };

export class DruidApi implements ICredentialType {
  name = 'druidApi';

  displayName = 'Druid API';

  icon: Icon = { light: 'file:druidApi.svg', dark: 'file:druidApi.dark.svg' };

  documentationUrl =
    'https://github.com/fusioncommerce/n8n-nodes-fusioncommerce/blob/main/credentials/README.md#druid-api';

  properties: INodeProperties[] = [
    {
      displayName: 'Base URL',
      name: 'baseUrl',
      type: 'string',
      required: true,
      default: 'http://localhost:8888',
      description: 'The address of Druid’s router, without /druid',
    },
    {
      displayName: 'Authentication',
      name: 'authentication',
      type: 'options',
      options: [
        { name: 'Basic', value: 'basic' },
        { name: 'None', value: 'none' },
      ],
      default: 'none',
      description: 'How users sign in to Druid',
    },
    {
      displayName: 'User',
      name: 'user',
      type: 'string',
      default: '',
      displayOptions: withBasic,
    },
    {
      displayName: 'Password',
      name: 'password',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      displayOptions: withBasic,
    },
  ];

  async authenticate(
    { authentication, user, password }: ICredentialDataDecryptedObject,
    request: IHttpRequestOptions,
  ): Promise<IHttpRequestOptions> {
    if (authentication !== 'basic') return request;
    return { ...request, auth: { username: user as string, password: password as string } };
  }

  // A query, because Druid answers /status/health to anybody.
  test: ICredentialTestRequest = {
    request: {
      method: 'POST',
      baseURL: '={{$credentials.baseUrl.replace(/\\/+$/, "")}}',
      url: '/druid/v2/sql',
      body: { query: 'SELECT 1' },
    },
  };
}
