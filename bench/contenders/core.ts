import { type ObservedRemoting, RemotingClient, RemotingCommand, RemotingServer } from 'nestjs-rocketmq';
import { type Contender, bufferBody } from '../contender.js';

/** The request code that is called. */
export const ECHO = 20001;

/** Our remoting core without Nest, with its default options; `observe` is told of the end that this process runs. */
export const core = (observe?: (observed: ObservedRemoting) => void): Contender<RemotingCommand> => ({
  async serve() {
    const server = new RemotingServer({ host: '127.0.0.1', port: 0 });
    server.registerProcessor(ECHO, {
      processRequest: (_channel, request) => RemotingCommand.createResponseCommand(0, undefined, request.body),
    });
    observe?.({ role: 'server', name: 'bench', remoting: server });
    await server.start();
    return server.localListenPort();
  },
  async open(port) {
    const client = new RemotingClient({});
    observe?.({ role: 'client', name: 'bench', remoting: client });
    client.start();
    const address = `127.0.0.1:${port}`;
    return bodyBytes => {
      const body = bufferBody(bodyBytes);
      return () => client.invokeSync(address, new RemotingCommand({ code: ECHO, body }), 10_000);
    };
  },
  sizeOf: answer => answer.body?.length ?? 0,
});
