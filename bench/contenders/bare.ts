import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { type Contender, bufferBody } from '../contender.js';
import { listen } from '../loopback.js';

// The limit to measure against: no codec, no deadline, no table of calls; flushed just as our core flushes.
const FLUSH_FRAMES = 16;
const FLUSH_BYTES = 16_384;
const SLAB_BYTES = 65_536;
const MAX_IN_FLIGHT = 65_536;

/** Writes frames side by side into one slab: out at 16 frames or 16 KiB, and at the end of the tick. */
class Outbox {
  #slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  #start = 0;
  #end = 0;
  #frames = 0;
  #scheduled = false;

  constructor(readonly socket: Socket) {}

  write(body: Buffer): void {
    const bytes = 4 + body.length;
    if (this.#slab.length - this.#end < bytes) this.#renew(bytes);
    this.#end = this.#slab.writeUInt32BE(body.length, this.#end);
    this.#slab.set(body, this.#end);
    this.#end += body.length;
    this.#frames++;
    if (this.#frames >= FLUSH_FRAMES || this.#end - this.#start >= FLUSH_BYTES) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      process.nextTick(Outbox.#atEndOfTick, this);
    }
  }

  flush(): void {
    if (this.#end === this.#start) return;
    this.#frames = 0;
    this.socket.write(this.#slab.subarray(this.#start, this.#end));
    // The kernel has taken it all: the slab is free again.
    if (this.socket.writableLength === 0) this.#end = 0;
    this.#start = this.#end;
  }

  #renew(bytes: number): void {
    this.flush();
    if (this.#slab.length - this.#end >= bytes) return;
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes));
    this.#start = this.#end = 0;
  }

  static #atEndOfTick(this: void, outbox: Outbox): void {
    outbox.#scheduled = false;
    outbox.flush();
  }
}

/** Calls `onBody` for every frame that the socket brings; a body is a view of the chunk. */
const readFrames = (socket: Socket, onBody: (body: Buffer) => void): void => {
  let rest: Buffer | undefined;
  socket.setNoDelay(true);
  socket.on('data', (data: Buffer) => {
    const chunk = rest === undefined ? data : Buffer.concat([rest, data]);
    let at = 0;
    while (chunk.length - at >= 4) {
      const end = at + 4 + chunk.readUInt32BE(at);
      if (end > chunk.length) break;
      onBody(chunk.subarray(at + 4, end));
      at = end;
    }
    rest = at < chunk.length ? chunk.subarray(at) : undefined;
  });
};

/** `net` echo: length-prefixed, one connection, a Promise a call, answers in the order of the calls. */
export const bare: Contender<Buffer> = {
  serve() {
    const server = net.createServer(socket => {
      const outbox = new Outbox(socket);
      readFrames(socket, body => outbox.write(body));
      socket.on('error', () => undefined);
    });
    return listen(server);
  },
  async open(port) {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const outbox = new Outbox(socket);
    const waiting: ((body: Buffer) => void)[] = [];
    let sent = 0;
    let answered = 0;
    readFrames(socket, body => waiting[answered++ % MAX_IN_FLIGHT]?.(body));
    return bodyBytes => {
      const body = bufferBody(bodyBytes);
      return () =>
        new Promise<Buffer>(resolve => {
          waiting[sent++ % MAX_IN_FLIGHT] = resolve;
          outbox.write(body);
        });
    };
  },
  sizeOf: answer => answer.length,
};
