import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { JavaProcess } from './java-process.js';
import { freePort } from './ports.js';
import { javaSource, type RocketMQVersion } from './tools.js';

const DRIVER_MEMORY = ['-Xmx96m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Header serializations that the official client can be told to use. */
export const SERIALIZE_TYPES = ['JSON', 'ROCKETMQ'] as const;

export type JavaSerializeType = (typeof SERIALIZE_TYPES)[number];

/** One call that the official client makes. */
export interface JavaCall {
  readonly code: number;
  readonly ext?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Default 3000. */
  readonly timeoutMs?: number;
}

/** What the official client read of a response. */
export interface JavaResponse {
  readonly code: number;
  readonly remark?: string;
  readonly ext?: Readonly<Record<string, string>>;
  readonly flag: number;
  readonly version: number;
  /** Name of Java's `LanguageCode`; 'null' when it knows none. */
  readonly language: string;
  readonly serializeType: JavaSerializeType;
  readonly body: Buffer;
}

/** The exception that the official client threw, or gave to a callback. */
class JavaError extends Error {
  /** Simple name of the Java class. */
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** An answer line of JavaRemotingClient.java: its number, and what belongs to its kind. */
interface Answer extends Omit<JavaResponse, 'body'> {
  readonly id?: number;
  readonly error?: string;
  readonly message?: string;
  /** In base64. */
  readonly body?: string;
  readonly events?: Readonly<Record<string, number>>;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

const javaFlags = (options: JavaRemotingOptions): string[] => [
  ...DRIVER_MEMORY,
  ...Object.entries(options.systemProperties ?? {}).map(([name, value]) => `-D${name}=${value}`),
];

export interface JavaRemotingOptions {
  readonly version: RocketMQVersion;
  /** Such as those of Java's `TlsSystemConfig`. */
  readonly systemProperties?: Readonly<Record<string, string>>;
}

/** Waits for the line with which the Java programs of this folder say that they are ready. */
const firstLine = async (java: JavaProcess, lines: ReturnType<typeof createInterface>): Promise<void> => {
  const ended = once(lines, 'close').then(() => Promise.reject(java.failure('ended before it was ready')));
  await Promise.race([once(lines, 'line'), ended]);
  ended.catch(() => undefined);
};

/** Java's `NettyRemotingClient`, in a process of its own, connected to one address. */
export class JavaRemotingClient {
  readonly #java: JavaProcess;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;

  private constructor(java: JavaProcess, lines: ReturnType<typeof createInterface>) {
    this.#java = java;
    lines.on('line', line => this.#settle(JSON.parse(line)));
    lines.on('close', () => {
      for (const { reject } of this.#waiting.values()) reject(java.failure('ended'));
      this.#waiting.clear();
    });
  }

  static async start(
    options: JavaRemotingOptions & {
      readonly address: string;
      readonly serializeType: JavaSerializeType;
      readonly tls?: boolean;
    },
  ): Promise<JavaRemotingClient> {
    const java = JavaProcess.start({
      version: options.version,
      name: `Java remoting client ${options.version}`,
      vmArguments: javaFlags(options),
      program: () => [
        javaSource('JavaRemotingClient'),
        options.address,
        options.serializeType,
        options.tls === true ? 'tls' : 'plain',
      ],
    });
    const lines = createInterface({ input: java.stdout });
    await firstLine(java, lines);
    return new JavaRemotingClient(java, lines);
  }

  /** @throws JavaError when Java's `invokeSync` throws */
  invokeSync(call: JavaCall): Promise<JavaResponse> {
    return this.#invoke('invokeSync', call);
  }

  /** @throws JavaError when Java's `invokeAsync` throws, or its callback is given an exception */
  invokeAsync(call: JavaCall): Promise<JavaResponse> {
    return this.#invoke('invokeAsync', call);
  }

  /** @throws JavaError when Java's `invokeOneway` throws */
  async invokeOneway(call: JavaCall): Promise<void> {
    await this.#ask('invokeOneway', call);
  }

  /** How often each method of Java's `ChannelEventListener` was called so far; it comes to know a little late. */
  async events(): Promise<Readonly<Record<string, number>>> {
    return (await this.#ask('events', { code: 0 })).events ?? {};
  }

  kill(): Promise<void> {
    return this.#java.kill();
  }

  async #invoke(op: string, call: JavaCall): Promise<JavaResponse> {
    const answer = await this.#ask(op, call);
    return { ...answer, body: Buffer.from(answer.body ?? '', 'base64') };
  }

  #ask(op: string, { body, ...call }: JavaCall): Promise<Answer> {
    const id = ++this.#lastId;
    const encoded = body === undefined ? {} : { body: Buffer.from(body).toString('base64') };
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#java.stdin.write(`${JSON.stringify({ id, op, ...call, ...encoded })}\n`);
    });
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id ?? 0);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id ?? 0);
    if (answer.error === undefined) waiting.resolve(answer);
    else waiting.reject(new JavaError(answer.error, answer.message ?? ''));
  }
}

/** A running {@link startJavaRemotingServer}. */
export interface JavaRemotingServer {
  readonly address: string;
  readonly port: number;
  readonly kill: () => Promise<void>;
}

/** Starts Java's `NettyRemotingServer` with the codes of JavaRemotingServer.java. */
export const startJavaRemotingServer = async (options: JavaRemotingOptions): Promise<JavaRemotingServer> => {
  const port = await freePort();
  const java = JavaProcess.start({
    version: options.version,
    name: `Java remoting server ${options.version}`,
    vmArguments: javaFlags(options),
    program: () => [javaSource('JavaRemotingServer'), String(port)],
  });
  await firstLine(java, createInterface({ input: java.stdout }));
  return { address: `127.0.0.1:${port}`, port, kill: () => java.kill() };
};
