import { BrokerOuterAPI } from '../../../../src/broker-outer/broker-outer-api.js';
import type { BrokerOuterOptions } from '../../../../src/broker-outer/broker-outer-options.js';
import { RemotingCommand } from '../../../../src/protocol/remoting-command.js';
import { ResponseCode } from '../../../../src/protocol/response-codes.js';
import type { Channel } from '../../../../src/remoting/channel.js';
import type { RequestProcessor } from '../../../../src/remoting/request-processor.js';
import type { Loopback } from '../../../helpers/loopback.js';

/** A started API, shut down after the test. */
export function brokerOuter(loopback: Loopback, options: BrokerOuterOptions = {}): BrokerOuterAPI {
  const api = new BrokerOuterAPI(options);
  loopback.watch(api.remotingClient);
  loopback.atEnd(() => api.shutdown());
  api.start();
  return api;
}

/** A processor from a function of the request. */
export const answering = (answer: (request: RemotingCommand) => RemotingCommand | undefined): RequestProcessor => ({
  processRequest: (_channel: Channel, request: RemotingCommand) => answer(request),
});

/** SUCCESS with ext fields and a body. */
export const success = (extFields?: Record<string, string>, body?: string | Uint8Array): RemotingCommand =>
  RemotingCommand.createResponseCommand(ResponseCode.SUCCESS, undefined, body, extFields);

/** An answer that is none. */
export const refusal = (code: number, remark: string): RemotingCommand =>
  RemotingCommand.createResponseCommand(code, remark);

/** Never answers. */
export const silence = answering(() => undefined);
