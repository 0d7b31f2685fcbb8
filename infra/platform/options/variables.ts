interface Variable {
  description: string;
  isSecret: boolean;
}

const key = (description: string): Variable => ({ description, isSecret: true });
const authority = (engine: string): Variable => ({
  description: `File (PEM) of the certificate authority that signed the certificate of ${engine}; the authorities of this machine otherwise.`,
  isSecret: false,
});

/** Variables without a flag: secrets, which a command line would show to other users, and files. */
export const variablesWithoutFlag = {
  KAFKA_PASSWORD: key('Password of the user named by `--kafka-username`.'),
  KAFKA_TLS_CA: authority('Kafka'),
  CQL_PASSWORD: key('Password of the user named by `--cql-username`.'),
  CQL_TLS_CA: authority('the CQL cluster'),
  S3_TLS_CA: authority('the S3 server'),
  ADMIN_KEY: key('API key of the administrator.'),
  SERVICE_KEY: key(
    'API key with which services call each other. When it is set, all five keys come from the environment, otherwise from the data folder.',
  ),
  OBJECT_SIGNING_KEY: key('Signs the URLs of objects that are kept in a folder.'),
  TOKEN_PRIVATE_KEY: key("Signs customers' tokens: an Ed25519 key in PEM format."),
  TOKEN_PUBLIC_KEY: key("Checks customers' tokens: the public part of that key."),
} as const satisfies Record<string, Variable>;

/**
 * The environment as the platform reads it: a variable that is not in the list, and so not in infra/SETTINGS.md, is a
 * type error.
 */
export type PlatformEnvironment = { readonly [Name in keyof typeof variablesWithoutFlag]?: string | undefined };
