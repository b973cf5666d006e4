import type { Socket } from 'node:net';
import { FrameDecoder } from '../../src/protocol/frame-decoder.js';
import { encodeFrame, FrameWriter } from '../../src/protocol/frame-writer.js';
import { CommandFlag, RemotingCommand, type RemotingCommandInit } from '../../src/protocol/remoting-command.js';

const LARGE_LIMITS = { maxFrameBytes: 64 * 1024 * 1024, maxHeaderBytes: 0xffffff };

/** A frame with the header as given: any text, also one that is no JSON. */
export function rawFrame(header: string | Buffer, body: string | Buffer = '', type = 0): Buffer {
  const headerBytes = Buffer.from(header as string);
  const bodyBytes = Buffer.from(body as string);
  const prefix = Buffer.alloc(8);
  prefix.writeInt32BE(4 + headerBytes.length + bodyBytes.length);
  prefix.writeUInt32BE(type * 0x1000000 + headerBytes.length, 4);
  return Buffer.concat([prefix, headerBytes, bodyBytes]);
}

/** The frame of a command as our own side writes it. */
export function frameOf(init: RemotingCommandInit): Buffer {
  const writer = new FrameWriter(init.language ?? 'OTHER', init.version ?? 513, init.serializeType, LARGE_LIMITS);
  return encodeFrame(writer, new RemotingCommand(init));
}

/** One end of a connection that does what no well-behaved peer does. */
export class RawPeer {
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;
  /** Commands that came and were not asked for yet. */
  readonly commands: RemotingCommand[] = [];
  private readonly waiting: ((command: RemotingCommand) => void)[] = [];

  constructor(readonly socket: Socket) {
    const decoder = new FrameDecoder(command => {
      const next = this.waiting.shift();
      if (next === undefined) this.commands.push(command);
      else next(command);
    }, LARGE_LIMITS);
    socket.on('data', chunk => {
      try {
        decoder.push(chunk);
      } catch {
        // no frames: a TLS handshake, say
        decoder.close();
      }
    });
    socket.on('error', () => undefined);
    this.closed = new Promise(resolve => socket.once('close', () => resolve()));
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  /** The next command that comes. */
  next(): Promise<RemotingCommand> {
    const command = this.commands.shift();
    return command === undefined ? new Promise(resolve => this.waiting.push(resolve)) : Promise.resolve(command);
  }

  /** So many commands, in the order in which they come. */
  async take(count: number): Promise<RemotingCommand[]> {
    const taken: RemotingCommand[] = [];
    while (taken.length < count) taken.push(await this.next());
    return taken;
  }

  send(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  request(init: RemotingCommandInit): void {
    this.send(frameOf(init));
  }

  /** Answers a request; `init` overrides. */
  answer(request: RemotingCommand, init: Partial<RemotingCommandInit> = {}): void {
    this.send(frameOf({ code: 0, flag: CommandFlag.RESPONSE, opaque: request.opaque, ...init }));
  }

  /** Closes with a TCP reset. */
  reset(): void {
    this.socket.resetAndDestroy();
  }
}
