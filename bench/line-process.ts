import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a child is started: its command, arguments and, where it must not roam, the CPU it is pinned to. */
export interface LineCommand {
  readonly command: string;
  readonly args: readonly string[];
  /** CPU number for `taskset`; without it the child runs wherever the system puts it. */
  readonly cpu?: number | undefined;
}

/**
 * A child that answers one line of standard input with one line of JSON on standard output, in order.
 * Node and Java children are driven alike; between two lines a child only waits. It ends when its input ends.
 */
export class LineProcess {
  readonly #child: ChildProcess;
  readonly #answers: ((line: string) => void)[] = [];
  readonly #early: string[] = [];
  readonly #gone: Promise<never>;

  constructor({ command, args, cpu }: LineCommand) {
    const [file, argv] = cpu === undefined ? [command, args] : ['taskset', ['-c', String(cpu), command, ...args]];
    const child = spawn(file, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#gone = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`${file} ${argv.join(' ')} ended early (${String(signal ?? code)}); its own words are above.`);
    });
    // Ending is only news to whoever waits for an answer.
    this.#gone.catch(() => undefined);
    createInterface({ input: child.stdout }).on('line', line => {
      if (!line.startsWith('{')) process.stderr.write(`${line}\n`);
      else (this.#answers.shift() ?? (early => this.#early.push(early)))(line);
    });
  }

  /** The next line that the child has not been asked for, such as the port of a server that came up. */
  async next<T>(): Promise<T> {
    const line = this.#early.shift() ?? (await Promise.race([this.#gone, new Promise<string>(this.#expect)]));
    const answer: T = JSON.parse(line);
    return answer;
  }

  /** Sends one line and waits for its answer. */
  ask<T>(line: string): Promise<T> {
    this.#child.stdin?.write(`${line}\n`);
    return this.next<T>();
  }

  /** Closes the input and waits until the child is gone; one that does not leave within 3 s is killed. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 3000);
    this.#child.stdin?.end();
    await exit;
    clearTimeout(killer);
  }

  readonly #expect = (resolve: (line: string) => void): void => void this.#answers.push(resolve);
}
