/**
 * The platform with extra small services, for the idle benchmark: `platform.ts FOLDER SERVICES` says "Ready." and stops
 * on SIGTERM.
 */
import { startEngines } from '../../local/embedded-engines.ts';
import { embeddedKafkaSecurity, readOrCreateAccess } from '../../platform/access.ts';
import { allServices } from '../../platform/services.ts';
import { startPlatform } from '../../platform/start-platform.ts';
import { silentProgress } from '../../process/progress.ts';
import { smallService } from './small-service.ts';

const [dataFolder = '', wanted = ''] = process.argv.slice(2);
const small = Math.max(0, Number(wanted) - allServices.length);
const services = [
  ...allServices,
  ...Array.from({ length: small }, (_, index) => smallService(`extra${String(index + 1).padStart(2, '0')}`)),
];
const access = await readOrCreateAccess(dataFolder);
const engines = await startEngines({ dataFolder, access, withN8n: false, progress: silentProgress });
const platform = await startPlatform({
  services,
  host: '127.0.0.1',
  port: 0,
  databaseUrl: engines.databaseUrl,
  kafka: engines.kafka,
  kafkaSecurity: embeddedKafkaSecurity({ ...access, ...engines }, engines.kafka),
  dataFolder,
  access,
  logLevel: 'warn',
  progress: silentProgress,
});
process.once('SIGTERM', () => {
  void platform
    .stop()
    .then(() => engines.stop())
    .then(() => process.exit(0));
});
console.log('Ready.');
