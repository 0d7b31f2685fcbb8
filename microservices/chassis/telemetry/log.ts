import { pino, type Logger as PinoLogger } from 'pino';
import { currentContext } from '../context.ts';
import { serializeError } from './log-error.ts';
import { currentTraceparent } from './tracing.ts';

export type Logger = PinoLogger;

/** Where personal data or a secret could stand in what we log; pino blanks these out. */
const REDACTED = [
  'email',
  'password',
  'phone',
  'address',
  'name',
  'token',
  'authorization',
  'apiKey',
  'secret',
].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** A JSON logger that adds the correlation and trace of the work at hand and never prints personal data. */
export const createLogger = (options: { level: string; service: string }): Logger =>
  pino({
    level: options.level,
    base: { service: options.service },
    serializers: { err: serializeError },
    redact: { paths: REDACTED, censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    mixin: () => {
      const traceparent = currentTraceparent();
      return {
        correlationId: currentContext().correlationId,
        ...(traceparent ? { traceId: traceparent.split('-')[1] } : {}),
      };
    },
  });
