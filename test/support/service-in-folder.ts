import { readConfig } from '../../src/config.js';
import { openService, type Service } from '../../src/open-service.js';
import { testLog } from './log.js';

/** The service without its web server, as these variables set it up; whoever opens it closes it. */
export function openServiceWith(environment: Readonly<Record<string, string>>): Promise<Service> {
  const config = readConfig(environment);
  if (!config.ok) throw new Error(config.problems.join());
  return openService(config.config, testLog);
}
