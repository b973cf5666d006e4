import { once } from 'node:events';
import { connect, createServer } from 'node:net';

// Below the range from which systems take the ports of outgoing connections (Linux 32768, others 49152), so that no
// such connection sits on the port of a server that is down for a moment.
const FIRST_PORT = 20_000;
const LAST_PORT = 31_000;

const LOOPBACK = '127.0.0.1';

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  try {
    server.listen(port);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
};

/**
 * A port that nothing listens on, whose neighbours at the offsets are free too.
 * @param offsets relative ports that the server opens as well; a broker's second port is 2 below its first
 */
export const freePort = async (...offsets: readonly number[]): Promise<number> => {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    const free = await Promise.all([0, ...offsets].map(offset => isFree(port + offset)));
    if (free.every(Boolean)) return port;
  }
};

/** @returns whether something accepts connections on the loopback port */
export const isListening = async (port: number): Promise<boolean> => {
  const socket = connect(port, LOOPBACK);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};
