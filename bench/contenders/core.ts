import { RemotingClient, RemotingCommand, RemotingServer } from 'nestjs-rocketmq';
import { type Contender, bufferBody } from '../contender.js';

const ECHO = 20001;

/** What listens to both ends, if anything. */
export interface Observers {
  server(server: RemotingServer): void;
  client(client: RemotingClient): void;
}

/** Our remoting core without Nest, with its default options. */
export const core = (observers?: Observers): Contender<RemotingCommand> => ({
  async serve() {
    const server = new RemotingServer({ host: '127.0.0.1', port: 0 });
    server.registerProcessor(ECHO, {
      processRequest: (_channel, request) => RemotingCommand.createResponseCommand(0, undefined, request.body),
    });
    observers?.server(server);
    await server.start();
    return server.localListenPort();
  },
  async open(port) {
    const client = new RemotingClient({});
    observers?.client(client);
    client.start();
    const address = `127.0.0.1:${port}`;
    return bodyBytes => {
      const body = bufferBody(bodyBytes);
      return () => client.invokeSync(address, new RemotingCommand({ code: ECHO, body }), 10_000);
    };
  },
  sizeOf: answer => answer.body?.length ?? 0,
});
