import type { KafkaOptions } from '../../microservices/chassis/kafka/client.ts';
import { readAuthority } from './authority.ts';
import { WrongSetting, type Options } from './options.ts';
import type { PlatformEnvironment } from './options/variables.ts';

/** How the platform's Kafka clients sign in, and whether what they say is encrypted; empty for an open broker. */
export type KafkaSecurity = Pick<KafkaOptions, 'ssl' | 'sasl'>;

type KafkaSettings = Pick<Options, 'kafka' | 'kafkaTls' | 'kafkaSasl' | 'kafkaUsername'>;

/**
 * Reads TLS and sign-in from options and environment; the password comes from the environment only. Throws WrongSetting
 * when a part is missing or has no use.
 */
export const readKafkaSecurity = async (
  options: KafkaSettings,
  environment: PlatformEnvironment,
): Promise<KafkaSecurity> => {
  const { kafka, kafkaTls, kafkaSasl, kafkaUsername: username } = options;
  if (!kafka && (kafkaTls || kafkaSasl))
    throw new WrongSetting(
      `--${kafkaTls ? 'kafka-tls' : 'kafka-sasl'} is for a Kafka of your own, and none is named: the embedded broker has a sign-in of its own, which the platform knows. Name yours with --kafka.`,
    );
  // Never unsigned by mistake where somebody meant to sign in.
  if (kafka && username && !kafkaSasl)
    throw new WrongSetting(
      `--kafka-username names "${username}", but not how to sign in: choose with --kafka-sasl (plain, scram-sha-256 or scram-sha-512).`,
    );
  const ca = kafkaTls ? await readAuthority('KAFKA_TLS_CA', environment) : undefined;
  return {
    ...(kafkaTls ? { ssl: ca ? { ca } : true } : {}),
    ...(kafkaSasl ? { sasl: { mechanism: kafkaSasl, ...userOf(username, environment.KAFKA_PASSWORD) } } : {}),
  };
};

const userOf = (username: string | undefined, password: string | undefined) => {
  if (!username)
    throw new WrongSetting('--kafka-sasl wants to sign in, and nobody is named: name the user with --kafka-username.');
  if (!password)
    throw new WrongSetting(
      `The Kafka user "${username}" has no password: put it into the environment variable KAFKA_PASSWORD.`,
    );
  return { username, password };
};
