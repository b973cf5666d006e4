import { once } from 'node:events';
import type { Server } from 'node:net';

/** The port that a TCP server listens on. */
export const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.');
  return address.port;
};

/** Listens on a free port of 127.0.0.1 and answers it. */
export const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
};
