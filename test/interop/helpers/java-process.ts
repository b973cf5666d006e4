import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { classPathOf, type RocketMQVersion } from './tools.js';

/** Kept of a process's standard error, for the message of a failure. */
const KEPT_OUTPUT_CHARS = 8_000;
const POLL_MS = 100;

/** What `JavaProcess.start` needs. */
export interface JavaProcessOptions {
  readonly version: RocketMQVersion;
  /** For messages: `name server 5.5.0`. */
  readonly name: string;
  /** Options of the virtual machine: memory, system properties. */
  readonly vmArguments: readonly string[];
  /** A class name or a source file, and its arguments. The home folder of the process is given to it. */
  readonly program: (home: string) => readonly string[];
}

const running = new Set<JavaProcess>();
// The last resort, for a test file that dies before its afterAll.
process.once('exit', () => {
  for (const java of running) java.abandon();
});

/** A real Java process with a home folder of its own; both go when it is killed. */
export class JavaProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #home: string;
  readonly #name: string;
  readonly #ended: Promise<unknown>;
  #output = '';

  private constructor(options: JavaProcessOptions) {
    this.#name = options.name;
    this.#home = mkdtempSync(join(tmpdir(), 'rocketmq-interop-'));
    const logging = writeLoggingConfiguration(this.#home, options.version);
    this.#child = spawn(
      'java',
      [
        ...options.vmArguments,
        `-Duser.home=${this.#home}`,
        `-Drocketmq.home.dir=${this.#home}`,
        `-Dlogback.configurationFile=${logging}`,
        `-Drmq.logback.configurationFile=${logging}`,
        '-cp',
        classPathOf(options.version),
        ...options.program(this.#home),
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    // A process that died leaves a broken pipe; what it was asked fails by its end, below.
    this.#child.stdin.on('error', () => undefined);
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT_OUTPUT_CHARS);
    });
    this.#ended = once(this.#child, 'close');
    running.add(this);
  }

  static start(options: JavaProcessOptions): JavaProcess {
    return new JavaProcess(options);
  }

  get stdin(): Writable {
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  /** @returns whether the process has not ended yet */
  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** An error about this process, with what it wrote last. */
  failure(what: string): Error {
    return new Error(`${this.#name} ${what}; it wrote last:\n${this.#output}`);
  }

  /**
   * Asks until the answer comes: no fixed sleep is right on every machine.
   * @throws Error when the process ends, or does not answer in time
   */
  async waitUntil(isReady: () => Promise<boolean>, timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!(await isReady())) {
      if (!this.isRunning) throw this.failure('ended before it was ready');
      if (performance.now() > deadline) throw this.failure(`was not ready within ${timeoutMs} ms`);
      await new Promise(resolve => setTimeout(resolve, POLL_MS));
    }
  }

  /** Suspends it (SIGSTOP): its connections stay open, and nothing is read or answered any more. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  /** Ends it as a crash would (SIGKILL): no farewell, no unregistering. Idempotent. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
    this.#forget();
  }

  /** For the end of the test process, where nothing can be awaited. */
  abandon(): void {
    this.#child.kill('SIGKILL');
    this.#forget();
  }

  #forget(): void {
    running.delete(this);
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Warnings and worse to standard error; 5.x has Logback under a package name of its own. */
const loggingConfiguration = (version: RocketMQVersion): string => {
  const appender = `${version.startsWith('4.') ? '' : 'org.apache.rocketmq.logging.'}ch.qos.logback.core.ConsoleAppender`;
  return `<configuration>
  <appender name="stderr" class="${appender}">
    <target>System.err</target>
    <encoder><pattern>%d{HH:mm:ss.SSS} %level %logger{20} - %msg%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="stderr"/></root>
</configuration>
`;
};

/** @returns the file that the system properties name; the servers and tools of 4.9.7 insist on files in `conf` instead */
const writeLoggingConfiguration = (home: string, version: RocketMQVersion): string => {
  const folder = join(home, 'conf');
  mkdirSync(folder);
  const names = ['logging.xml', 'logback_namesrv.xml', 'logback_broker.xml', 'logback_tools.xml'];
  const [first = '', ...others] = names.map(name => join(folder, name));
  for (const file of [first, ...others]) writeFileSync(file, loggingConfiguration(version));
  return first;
};
