import { RemotingCommand } from '../../src/protocol/remoting-command.js';
import type { RequestProcessor } from '../../src/remoting/request-processor.js';

/** Request code that {@link echo} serves in tests. */
export const ECHO = 20001;

/** Answers with the body and ext fields of the request. */
export const echo: RequestProcessor = {
  processRequest: (_channel, request) =>
    RemotingCommand.createResponseCommand(0, undefined, request.body, request.extFields),
};

/** Never answers. */
export const silence: RequestProcessor = { processRequest: () => undefined };

/** A request to {@link echo}. */
export const echoRequest = (body?: string | Uint8Array): RemotingCommand => new RemotingCommand({ code: ECHO, body });
