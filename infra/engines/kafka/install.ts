import type { Progress } from '../../process/progress.ts';
import { jarsOf } from '../maven.ts';

export const title = 'Apache Kafka 4.1.2';

/** Its jars, from Maven Central, in the user's cache. */
export const installKafka = (progress: Progress): Promise<string> =>
  jarsOf({ name: 'kafka', title, cost: '54 MB', pom: new URL('pom.xml', import.meta.url), progress });
