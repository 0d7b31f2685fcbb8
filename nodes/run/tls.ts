/**
 * TLS of a credential whose node opens connections of its own: the fields of the form, and what a client is given for
 * them.
 */
import type { INodeProperties } from 'n8n-workflow';

/** The fields, as n8n hands them over. */
export interface TlsCredential {
  ssl?: boolean;
  rejectUnauthorized?: boolean;
  ca?: string;
  certificate?: string;
  privateKey?: string;
}

/** The options of node:tls for it; undefined where the connection is not encrypted. */
export const tlsOf = ({ ssl, ca, certificate, privateKey, rejectUnauthorized }: TlsCredential) =>
  ssl
    ? {
        rejectUnauthorized: rejectUnauthorized ?? true,
        ...(ca && { ca }),
        ...(certificate && { cert: certificate }),
        ...(privateKey && { key: privateKey }),
      }
    : undefined;

const withTls = { show: { ssl: [true] } };

/**
 * `one` is what answers: a broker; `its` is whose certificate it is: the brokers’ certificates; `those` ask clients for
 * one: brokers.
 */
export const tlsFields = (words: { one: string; its: string; those: string }): INodeProperties[] => [
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
    description: `Whether to refuse ${words.one} whose certificate no known authority has signed`,
  },
  {
    displayName: 'CA Certificate',
    name: 'ca',
    type: 'string',
    typeOptions: { rows: 4 },
    default: '',
    displayOptions: withTls,
    description: `The authority that signed ${words.its}, in PEM format, when it is one of your own`,
  },
  {
    displayName: 'Client Certificate',
    name: 'certificate',
    type: 'string',
    typeOptions: { rows: 4, password: true },
    default: '',
    displayOptions: withTls,
    description: `For ${words.those} that ask clients for a certificate, in PEM format`,
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
