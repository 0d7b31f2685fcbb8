import type { Progress } from '../process/progress.ts';

export interface StartOptions {
  /** Where it keeps its data and its log; made when missing, kept by `stop`. */
  folder: string;
  /** Where it is to answer; a free port of the loopback address otherwise. */
  port?: number;
  /**
   * It speaks TLS with this: cql, s3 and versitygw then nothing else, sql to those who ask for it; the others do not
   * know it.
   */
  tls?: ServerCertificate;
  progress: Progress;
}

/** Files in PEM format: a server's certificate with its key, and who signed it. */
export interface ServerCertificate {
  certificate: string;
  key: string;
  /** Key and certificate in one, as Java reads them. */
  both: string;
  authority: string;
}

/** How an engine ended, and its last output. */
export interface Ended {
  /** "exit code 1" or "signal SIGKILL". */
  how: string;
  lastLines: string;
}

export interface RunningEngine {
  /**
   * How the platform and its tests are pointed at it: "host:port" for Kafka and CQL, a URL with its credentials
   * otherwise.
   */
  url: string;
  /** Where they do not belong into the URL. */
  credentials?: { username: string; password: string };
  /** Of its own process, for whoever measures it. */
  pid: number | undefined;
  /** Once it has ended, asked to or not; of several processes, the first. */
  ended: Promise<Ended>;
  /** Asks it to end cleanly and waits until it has. */
  stop(): Promise<void>;
  /** kill -9, for fault tests. */
  kill(): Promise<void>;
}

/**
 * A real engine from a package registry: no container, small memory, free loopback ports. It ends with the process that
 * started it.
 */
export interface Engine {
  name: string;
  /** Product and version, for people. */
  title: string;
  /**
   * The platform's flag for its address (none: the platform does not use it) and the environment variable; `prefix`
   * begins the variables for credentials.
   */
  option: { flag?: string; variable: string; prefix?: string };
  /**
   * Brings its programs into the user's cache; quick when they are there. Throws where this machine lacks what it
   * takes.
   */
  install(progress: Progress): Promise<void>;
  /** Installs when missing, starts, and returns once it serves requests. */
  start(options: StartOptions): Promise<RunningEngine>;
}
