import net from 'node:net';
import { answerLines, say } from './end.js';
import { listen } from './loopback.js';

// A server that reads and never answers: what is called here stays in flight until its deadline.
const server = net.createServer(socket => {
  socket.resume();
  socket.on('error', () => undefined);
});
say({ port: await listen(server) });
await answerLines(() => ({}));
