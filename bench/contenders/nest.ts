import { ClientRemoting, type RemotingServer, ServerRemoting } from 'nestjs-rocketmq';
import type { Contender } from '../contender.js';
import { type NestTransport, nestContender, patterns } from './nest-echo.js';

const remoting: NestTransport = {
  server: () => ({ strategy: new ServerRemoting({ host: '127.0.0.1', port: 0 }) }),
  portOf: app => app.unwrap<RemotingServer>().localListenPort(),
  client: port => new ClientRemoting({ address: `127.0.0.1:${port}` }),
};

/** Our transport, with its default options; an object is sent unless `dataOf` makes something else of a number of bytes. */
export const nest = (pattern: keyof typeof patterns, dataOf?: (bytes: number) => unknown): Contender =>
  nestContender(remoting, patterns[pattern], dataOf);
