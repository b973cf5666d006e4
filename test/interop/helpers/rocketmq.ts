import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { JavaProcess } from './java-process.js';
import { freePort, isListening } from './ports.js';
import type { RocketMQVersion } from './tools.js';

const LOOPBACK = '127.0.0.1';
const GET_BROKER_RUNTIME_INFO = 28;
const GET_BROKER_CLUSTER_INFO = 106;
const ASK_TIMEOUT_MS = 2_000;

export const CLUSTER_NAME = 'InteropCluster';

/** A real server that a test talks to. */
export interface RealServer {
  readonly address: string;
  readonly port: number;
  /** Stops it from doing anything, its connections staying open, until it is killed. */
  readonly freeze: () => void;
  /** Ends it with SIGKILL, and removes its files. */
  readonly kill: () => Promise<void>;
}

const writeConfiguration = (
  home: string,
  name: string,
  properties: Readonly<Record<string, string | number>>,
): string => {
  const file = join(home, `${name}.conf`);
  writeFileSync(
    file,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  return file;
};

/** A real broker. */
export interface RealBroker extends RealServer {
  /** Its name in the name servers. */
  readonly brokerName: string;
}

/**
 * Starts a real name server on the loopback interface and waits until it accepts connections.
 * @param port a free one unless told: the one of a name server that was killed, say
 */
export const startNameServer = async (version: RocketMQVersion, port?: number): Promise<RealServer> => {
  const listenPort = port ?? (await freePort());
  const java = JavaProcess.start({
    version,
    name: `name server ${version}`,
    vmArguments: ['-Xms64m', '-Xmx128m', '-XX:+UseSerialGC'],
    program: home => [
      'org.apache.rocketmq.namesrv.NamesrvStartup',
      '-c',
      writeConfiguration(home, 'namesrv', { listenPort }),
    ],
  });
  await java.waitUntil(() => isListening(listenPort));
  return serverOf(java, listenPort);
};

/**
 * Starts a real broker, a master of a cluster of its own, and waits until its name servers know it.
 * @param nameServers one or more
 */
export const startBroker = async (
  version: RocketMQVersion,
  nameServers: readonly RealServer[],
): Promise<RealBroker> => {
  // Its second port, for urgent requests, is two below the first.
  const listenPort = await freePort(-2, 1);
  const brokerName = `interop-broker-${listenPort}`;
  const java = JavaProcess.start({
    version,
    name: `broker ${version}`,
    vmArguments: [
      '-Xms256m',
      '-Xmx256m',
      '-XX:MaxDirectMemorySize=256m',
      '-XX:+UseSerialGC',
      '--add-exports=java.base/sun.nio.ch=ALL-UNNAMED',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED',
    ],
    program: home => [
      'org.apache.rocketmq.broker.BrokerStartup',
      '-c',
      writeConfiguration(home, 'broker', {
        brokerClusterName: CLUSTER_NAME,
        brokerName,
        brokerId: 0,
        brokerIP1: LOOPBACK,
        namesrvAddr: nameServers.map(({ address }) => address).join(';'),
        listenPort,
        haListenPort: listenPort + 1,
        autoCreateTopicEnable: 'true',
        enablePropertyFilter: 'true',
        storePathRootDir: join(home, 'store'),
        storePathCommitLog: join(home, 'store', 'commitlog'),
        mappedFileSizeCommitLog: 16_777_216,
        mappedFileSizeConsumeQueue: 60_000,
        maxIndexNum: 10_000,
        maxHashSlotNum: 5_000,
        timerWheelEnable: 'true',
      }),
    ],
  });
  await java.waitUntil(async () => {
    const known = await Promise.all(nameServers.map(({ port }) => answerTo(GET_BROKER_CLUSTER_INFO, port)));
    if (!known.every(text => text.includes(brokerName))) return false;
    // 4.9.7 answers this with an error in its first second, before it has measured anything.
    return (await answerTo(GET_BROKER_RUNTIME_INFO, listenPort)).includes('brokerVersionDesc');
  });
  return { ...serverOf(java, listenPort), brokerName };
};

const serverOf = (java: JavaProcess, port: number): RealServer => ({
  address: `${LOOPBACK}:${port}`,
  port,
  freeze: () => java.freeze(),
  kill: () => java.kill(),
});

/**
 * What a server answers to a request of a code alone, as text, asked in the smallest way there is: whether a server is
 * up must not depend on the client under test.
 * @returns '' when there is no answer
 */
const answerTo = async (code: number, port: number): Promise<string> => {
  const header = Buffer.from(JSON.stringify({ code, language: 'OTHER', opaque: 1, flag: 0 }));
  const prefix = Buffer.alloc(8);
  prefix.writeUInt32BE(4 + header.length, 0);
  prefix.writeUInt32BE(header.length, 4);
  const socket = connect(port, LOOPBACK);
  try {
    socket.write(Buffer.concat([prefix, header]));
    const chunks: Buffer[] = await once(socket, 'data', { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    return chunks.join('');
  } catch {
    return '';
  } finally {
    socket.destroy();
  }
};
