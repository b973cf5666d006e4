import { once } from 'node:events';
import { JavaProcess } from './java-process.js';
import type { RocketMQVersion } from './tools.js';

const PATIENCE_MS = 60_000;

/**
 * Runs a command of the official mqadmin.
 * @param args the command and its options: `'clusterList', '-n', address`
 * @returns what it printed
 * @throws Error when it fails or does not end in time
 */
export const mqadmin = async (version: RocketMQVersion, ...args: readonly string[]): Promise<string> => {
  const java = JavaProcess.start({
    version,
    name: `mqadmin ${version} ${args[0]}`,
    vmArguments: ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
    program: () => ['org.apache.rocketmq.tools.command.MQAdminStartup', ...args],
  });
  try {
    let printed = '';
    java.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    await once(java.stdout, 'end', { signal: AbortSignal.timeout(PATIENCE_MS) });
    // it ends with 0 whatever happened
    if (printed.trim() === '' || printed.includes('Exception')) throw java.failure(`printed ${printed}`);
    return printed;
  } finally {
    await java.kill();
  }
};
