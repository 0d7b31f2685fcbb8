import { customers } from '../../microservices/customers/index.ts';
import type { PlatformOptions } from '../platform/platform-options.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

/** One domain beside customers, which merge and erase persons: no more is started for its tests. */
export const startWithCustomers = (
  service: unknown,
  options: Partial<Pick<PlatformOptions, 'environment' | 'now' | 'remote'>> = {},
): Promise<TestPlatform> => startTestPlatform({ services: [customers, service], ...options });
