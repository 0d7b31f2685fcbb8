/** A process with the events service alone, for tests that kill it. */
import { events } from '../../microservices/events/index.ts';
import { serveProcess } from './serve-process.ts';

await serveProcess([events]);
