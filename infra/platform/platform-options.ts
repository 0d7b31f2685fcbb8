import type { RequestHandler } from 'express';
import type { Contract } from '../../microservices/chassis/contract/index.ts';
import type { ServiceDefinition } from '../../microservices/chassis/service.ts';
import type { LandingLink } from '../../microservices/gateway/landing.ts';
import type { TrustedProxies } from '../../microservices/gateway/visitor.ts';
import type { Progress } from '../process/progress.ts';
import type { Access } from './access.ts';
import type { KafkaSecurity } from './kafka-security.ts';
import type { CqlConnection } from './key-value.ts';
import type { S3Bucket } from './objects.ts';

export interface PlatformOptions {
  services: readonly ServiceDefinition[];
  /** Contracts of services that run elsewhere, and where: the gateway passes their requests on. */
  remote?: readonly { contract: Contract; url: string }[];
  /** Every contract of the platform, wherever its service runs; those of `services` and `remote` unless given. */
  contracts?: readonly Contract[];
  host: string;
  /** 0 takes a free port. */
  port: number;
  databaseUrl: string;
  kafka: string[];
  /** Nothing for an open broker. */
  kafkaSecurity?: KafkaSecurity;
  /** Where key-value state goes instead of into SQL. */
  cql?: CqlConnection | undefined;
  /** Where objects live; in the data folder unless given. */
  s3?: S3Bucket | undefined;
  dataFolder: string;
  /**
   * Folders that engines of this process keep their state in, besides the objects: requests fail when their disk is
   * full.
   */
  stateFolders?: readonly string[];
  access: Access;
  logLevel: string;
  progress: Progress;
  /** Database connections that one service may hold at most; 10 unless given. */
  poolSize?: number;
  /** Database connections of this process at most; 80 unless given. */
  connections?: number;
  /** Copies of each partition of new topics; 1 unless given. */
  replicationFactor?: number;
  /** Partitions of each topic that is made; 6 unless given. */
  partitions?: number;
  /** Who makes topics: this process unless told to expect them. */
  topics?: 'create' | 'expect';
  /** Who migrates the schemas: this process unless told to wait for others, or to check that they have. */
  migrations?: 'run' | 'wait' | 'check';
  /** Port of /metrics, /healthz and /readyz for the operators of the process; none unless given. */
  adminPort?: number | undefined;
  rateLimit?: { perMinutePerKey: number; perMinutePerAddress: number };
  corsOrigins?: string[];
  /** Proxies in front that tell the visitor's address: none unless given. */
  trustProxy?: TrustedProxies;
  /** Public routes that belong to no service and bring CORS rules of their own (the gateway's `openRoutes`). */
  openRoutes?: readonly RequestHandler[];
  /** Pages that belong to no service. */
  routes?: readonly RequestHandler[];
  /** More places worth visiting, on the landing page. */
  links?: readonly LandingLink[];
  otlpEndpoint?: string | undefined;
  now?: () => Date;
  environment?: Record<string, string | undefined>;
}
