import type { Progress } from '../../process/progress.ts';
import { runTool } from '../../process/run-tool.ts';
import { java } from '../java.ts';
import { installKafka } from './install.ts';

export interface Performance {
  /** Records a second while producing with acks=all, idempotently. */
  produced: number;
  /** Records a second while fetching, without the time that joining the group takes. */
  consumed: number;
}

/** Kafka's own ProducerPerformance and ConsumerPerformance on a topic that exists: the limit to compare with. */
export const kafkaPerformance = async (
  broker: string,
  topic: string,
  { records, recordBytes }: { records: number; recordBytes: number },
  progress: Progress,
): Promise<Performance> => {
  const [jars, file] = [await installKafka(progress), await java(progress)];
  const tool = (name: string, args: string[]): Promise<string> =>
    runTool({
      file,
      args: [
        '-Xmx512m',
        '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
        '-cp',
        `${jars}/*`,
        `org.apache.kafka.tools.${name}`,
        ...args,
      ],
      folder: '/',
      failure: `Kafka's ${name} could not measure ${broker}.`,
    });
  const produced = await tool('ProducerPerformance', [
    ...['--topic', topic, '--num-records', String(records), '--record-size', String(recordBytes), '--throughput', '-1'],
    ...['--producer-props', `bootstrap.servers=${broker}`, 'acks=all', 'enable.idempotence=true'],
  ]);
  const consumed = await tool('ConsumerPerformance', [
    ...['--bootstrap-server', broker, '--topic', topic, '--messages', String(records), '--timeout', '60000'],
  ]);
  return { produced: ratePrinted(produced), consumed: fetchRatePrinted(consumed) };
};

/** The last line: "20000 records sent, 51020.4 records/sec (…), …". */
const ratePrinted = (text: string): number => Number(/([\d.]+) records\/sec(?![\s\S]*records\/sec)/.exec(text)?.[1]);

/** A table of two lines; its last column is "fetch.nMsg.sec". */
const fetchRatePrinted = (text: string): number => Number(text.trim().split('\n').at(-1)?.split(',').at(-1));
