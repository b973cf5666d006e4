import { BaseRpcContext } from '@nestjs/microservices';
import type { ExtFields, RemotingCommand } from '../protocol/remoting-command.js';
import { NEST_PATTERN, PATTERN_FIELD } from '../protocol/reserved-codes.js';
import type { Channel } from '../remoting/channel.js';
import type { RemotingServer } from '../remoting/remoting-server.js';

const NO_FIELDS: Readonly<ExtFields> = Object.freeze({});

/** What a handler may know of its request: `@Ctx() context: RemotingContext`. */
export class RemotingContext extends BaseRpcContext<[RemotingCommand, Channel, RemotingServer]> {
  /** The request, with code, header and the raw bytes of its body. */
  get command(): RemotingCommand {
    return this.args[0];
  }

  /** Ext fields of the request. */
  get extFields(): Readonly<ExtFields> {
    return this.command.extFields ?? NO_FIELDS;
  }

  /** The connection of the caller. */
  get channel(): Channel {
    return this.args[1];
  }

  /** The Nest pattern of the request: its code as text, or the pattern that it carries. */
  getPattern(): string {
    const { code } = this.command;
    return code === NEST_PATTERN ? (this.extFields[PATTERN_FIELD] ?? '') : String(code);
  }

  /** What the caller attached to the packet by its dispatch hook or as ext fields, as in Nest's own contexts. */
  getMetadata(): Record<string, string> {
    if (this.command.code !== NEST_PATTERN) return { ...this.extFields };
    const { [PATTERN_FIELD]: _, ...metadata } = this.extFields;
    return metadata;
  }

  /**
   * Calls the caller back on its connection and waits for the answer. Errors as `RemotingServer.invokeSync`.
   *
   * @param timeoutMs milliseconds; 3000 by default
   */
  invokeSync(request: RemotingCommand, timeoutMs?: number): Promise<RemotingCommand> {
    return this.args[2].invokeSync(this.channel, request, timeoutMs);
  }

  /** Sends the caller a request that wants no answer; resolves when it is written. */
  invokeOneway(request: RemotingCommand, timeoutMs?: number): Promise<void> {
    return this.args[2].invokeOneway(this.channel, request, timeoutMs);
  }
}
