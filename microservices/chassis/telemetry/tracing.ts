import { context, propagation, SpanKind, SpanStatusCode, trace, type Attributes } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-node';

const tracer = () => trace.getTracer('fusioncommerce');

/**
 * Starts tracing. Trace ids always travel from HTTP to Kafka to n8n and back. Spans are recorded and exported where an
 * OTLP endpoint is configured; without one only a caller's mark that a trace is sampled goes on. Returns the function
 * that flushes and stops.
 */
export const startTracing = async (otlpEndpoint: string | undefined): Promise<() => Promise<void>> => {
  const provider = new NodeTracerProvider(
    otlpEndpoint
      ? { spanProcessors: [await exportTo(otlpEndpoint)] }
      : { sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }) },
  );
  provider.register({ propagator: new W3CTraceContextPropagator() });
  return () => provider.shutdown();
};

/** The exporter takes a fifth of a second of every start to load, and few shops have an endpoint. */
const exportTo = async (otlpEndpoint: string): Promise<SpanProcessor> => {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new BatchSpanProcessor(new OTLPTraceExporter({ url: `${otlpEndpoint.replace(/\/$/, '')}/v1/traces` }));
};

/** The W3C traceparent of the current span, to send along; undefined outside a trace. */
export const currentTraceparent = (): string | undefined => {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
};

/** Runs work in a span that continues `traceparent` (from a request's or an event's headers) when there is one. */
export const inSpan = <T>(
  span: {
    name: string;
    kind: 'server' | 'consumer' | 'producer' | 'client';
    traceparent?: string | undefined;
    attributes?: Attributes;
  },
  work: () => Promise<T>,
): Promise<T> => {
  const parent = span.traceparent
    ? propagation.extract(context.active(), { traceparent: span.traceparent })
    : context.active();
  const kind = {
    server: SpanKind.SERVER,
    consumer: SpanKind.CONSUMER,
    producer: SpanKind.PRODUCER,
    client: SpanKind.CLIENT,
  }[span.kind];
  return tracer().startActiveSpan(span.name, { kind, attributes: span.attributes ?? {} }, parent, async (active) => {
    try {
      return await work();
    } catch (error) {
      active.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      active.end();
    }
  });
};
