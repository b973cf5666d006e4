import { ClientRemoting, type RemotingServer, ServerRemoting } from 'nestjs-rocketmq';
import type { Contender } from '../contender.js';
import { type NestTransport, nestContender, patterns } from './nest-echo.js';

const remoting: NestTransport = {
  server: () => ({ strategy: new ServerRemoting({ host: '127.0.0.1', port: 0 }) }),
  portOf: app => app.unwrap<RemotingServer>().localListenPort(),
  client: port => new ClientRemoting({ address: `127.0.0.1:${port}` }),
};

/** Our transport, with its default options. */
export const nest = (pattern: keyof typeof patterns): Contender => nestContender(remoting, patterns[pattern]);
