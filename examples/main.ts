import 'reflect-metadata';
import { startApplication } from './application.js';
import { sampleCalls } from './sample-calls.js';
import { HOST, readSettings, type Settings } from './settings.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Resolves at the first signal. npm passes on what the terminal has sent already, so further ones count for nothing. */
const stopSignal = (): Promise<void> =>
  new Promise(resolve => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
  });

function introduction({ remotingPort, httpPort }: Settings): string {
  return `
RocketMQ remoting   ${HOST}:${remotingPort}
HTTP                http://${HOST}:${httpPort}
`;
}

function whatNext({ httpPort }: Settings): string {
  const url = `http://${HOST}:${httpPort}`;
  return `
Now try
  curl --data-binary 'any bytes' ${url}/echo
  curl '${url}/sum?numbers=1,2,39'
  curl ${url}/orders/4711           # an error of the application
  curl -N ${url}/count/5            # a stream
  curl ${url}/delay/500             # an answer that takes its time
  curl -X POST ${url}/hits          # an event, and how many came:
  curl ${url}/hits
  curl ${url}/metrics
  curl ${url}/health
`;
}

async function main(): Promise<void> {
  const settings = readSettings(process.env, process.argv.slice(2));
  const stopped = stopSignal();
  const app = await startApplication(settings);
  try {
    console.log(introduction(settings));
    console.log('Three calls:');
    for (const line of await sampleCalls(app)) console.log(`  ${line}`);
    console.log(whatNext(settings));
    if (settings.once) return;
    console.log('Ctrl-C stops it.');
    await stopped;
    console.log('Finishing what runs.');
  } finally {
    await app.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
