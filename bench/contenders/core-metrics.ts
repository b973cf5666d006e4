import { type RemotingCommand, RocketMQCollector } from 'nestjs-rocketmq';
import { Registry } from 'prom-client';
import type { Contender } from '../contender.js';
import { ECHO, core } from './core.js';

const SCRAPE_EVERY_MS = 1000;

const scrape = async (registry: Registry): Promise<void> => {
  const text = await registry.metrics();
  if (!text.includes('code="ECHO"')) throw new Error('The scrape shows no call.');
};

/** Our core with its metrics in a registry of each process, which is scraped every second. */
export const coreMetrics = (): Contender<RemotingCommand> => {
  const registry = new Registry();
  const collector = new RocketMQCollector({ registry, requestCodes: { [ECHO]: 'ECHO' } });
  collector.register();
  return core(observed => {
    collector.add(observed);
    setInterval(() => void scrape(registry), SCRAPE_EVERY_MS);
  });
};
