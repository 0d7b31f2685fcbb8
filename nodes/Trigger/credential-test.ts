import { withAdmin } from './activation-checks.ts';
import { brokersOf, connectionOf, type KafkaCredential } from './connection.ts';
import { explain } from './error-messages.ts';

const silent = { warn: () => undefined, error: () => undefined };

/** Signs in and asks for the cluster, as the credential's "Test" does. Answers in words whether it worked. */
export const testConnection = async (
  credential: KafkaCredential,
): Promise<{ status: 'OK' | 'Error'; message: string }> => {
  try {
    const kafka = connectionOf(credential, silent);
    const { brokers } = await withAdmin(kafka, (admin) => admin.describeCluster());
    return { status: 'OK', message: `Kafka answers with ${brokers.length} broker${brokers.length === 1 ? '' : 's'}` };
  } catch (error) {
    return { status: 'Error', message: explain(error, listedIn(credential)) };
  }
};

const listedIn = (credential: KafkaCredential) => {
  try {
    return { brokers: brokersOf(credential), username: credential.username };
  } catch {
    return { brokers: [], username: credential.username };
  }
};
