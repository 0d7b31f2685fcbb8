import type { IDataObject } from 'n8n-workflow';

const given = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} names no engine.`);
  return value;
};

export const cqlCredential = (): IDataObject & { contactPoints: string } => {
  const url = new URL(given('FUSIONCOMMERCE_CQL'));
  return {
    contactPoints: url.host,
    localDataCenter: 'datacenter1',
    keyspace: '',
    username: url.username,
    password: url.password,
    ssl: false,
  };
};

export const s3Credential = (): IDataObject & { endpoint: string } => {
  const url = new URL(given('FUSIONCOMMERCE_S3'));
  return {
    endpoint: url.origin,
    accessKey: decodeURIComponent(url.username),
    secretKey: decodeURIComponent(url.password),
    region: 'us-east-1',
    pathStyle: true,
  };
};
