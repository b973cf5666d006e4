import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import { type Contender, bufferBody } from '../contender.js';
import { listen } from '../loopback.js';

// What to measure against: no codec, no deadline, no table of calls; flushed when our core flushes.
const FLUSH_FRAMES = 16;
const FLUSH_BYTES = 16_384;
const SLAB_BYTES = 65_536;
const LENGTH_BYTES = 4;

/** Where frames stay until they are flushed. */
interface Gathered {
  add(body: Buffer): void;
  /** All that was added since it was taken last. */
  take(): Buffer;
  /** The socket has passed on all that was taken: its memory may be used again. */
  written(): void;
}

/** A buffer a frame, put together at the flush: what one writes who has not thought about it for long. */
const inBuffers = (): Gathered => {
  let frames: Buffer[] = [];
  return {
    add(body) {
      const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
      frame.writeUInt32BE(body.length, 0);
      frame.set(body, LENGTH_BYTES);
      frames.push(frame);
    },
    take() {
      const all = Buffer.concat(frames);
      frames = [];
      return all;
    },
    written: () => undefined,
  };
};

/** Frames side by side in one buffer that is used again, as our core's are: the limit. */
const inSlab = (): Gathered => {
  let slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  let start = 0;
  let end = 0;
  return {
    add(body) {
      const bytes = LENGTH_BYTES + body.length;
      if (slab.length - end < bytes) {
        const begun = slab.subarray(start, end);
        slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, begun.length + bytes));
        slab.set(begun);
        start = 0;
        end = begun.length;
      }
      end = slab.writeUInt32BE(body.length, end);
      slab.set(body, end);
      end += body.length;
    },
    take() {
      const all = slab.subarray(start, end);
      start = end;
      return all;
    },
    written() {
      start = end = 0;
    },
  };
};

/** Sends frames at 16 of them, at 16 KiB, and at the end of the tick. */
class Outbox {
  #frames = 0;
  #bytes = 0;
  #scheduled = false;

  constructor(
    readonly socket: Socket,
    readonly gathered: Gathered,
  ) {}

  write(body: Buffer): void {
    this.gathered.add(body);
    this.#frames++;
    this.#bytes += LENGTH_BYTES + body.length;
    if (this.#frames >= FLUSH_FRAMES || this.#bytes >= FLUSH_BYTES) this.flush();
    else if (!this.#scheduled) {
      this.#scheduled = true;
      process.nextTick(Outbox.#atEndOfTick, this);
    }
  }

  flush(): void {
    if (this.#frames === 0) return;
    this.#frames = 0;
    this.#bytes = 0;
    this.socket.write(this.gathered.take());
    if (this.socket.writableLength === 0) this.gathered.written();
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
    while (chunk.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + chunk.readUInt32BE(at);
      if (end > chunk.length) break;
      onBody(chunk.subarray(at + LENGTH_BYTES, end));
      at = end;
    }
    rest = at < chunk.length ? chunk.subarray(at) : undefined;
  });
};

const gathers = { buffers: inBuffers, slab: inSlab };

/** `net` echo: length-prefixed, one connection, a Promise a call, answers in the order of the calls. */
export const bare = (gathered: keyof typeof gathers): Contender<Buffer> => ({
  serve() {
    const server = net.createServer(socket => {
      const outbox = new Outbox(socket, gathers[gathered]());
      readFrames(socket, body => outbox.write(body));
      socket.on('error', () => undefined);
    });
    return listen(server);
  },
  async open(port) {
    const socket = net.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const outbox = new Outbox(socket, gathers[gathered]());
    const waiting: ((body: Buffer) => void)[] = [];
    readFrames(socket, body => waiting.shift()?.(body));
    return bodyBytes => {
      const body = bufferBody(bodyBytes);
      return () =>
        new Promise<Buffer>(resolve => {
          waiting.push(resolve);
          outbox.write(body);
        });
    };
  },
  sizeOf: answer => answer.length,
});
