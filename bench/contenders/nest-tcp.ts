import type { Server } from 'node:net';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import type { Contender } from '../contender.js';
import { portOf } from '../loopback.js';
import { type NestTransport, nestContender, patterns } from './nest-echo.js';

const tcp: NestTransport = {
  server: () => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } }),
  portOf: app => portOf(app.unwrap<Server>()),
  client: port => ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } }),
};

/** Nest's own TCP transport, with its default options. */
export const nestTcp = (pattern: keyof typeof patterns): Contender => nestContender(tcp, patterns[pattern]);
