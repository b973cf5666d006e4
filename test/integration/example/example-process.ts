import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Folder of the package. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Ports that were free a moment ago. */
export async function freePorts(): Promise<{ remotingPort: number; httpPort: number }> {
  const servers = [createServer(), createServer()];
  const [remotingPort = 0, httpPort = 0] = await Promise.all(
    servers.map(async server => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  await Promise.all(servers.map(server => once(server.close(), 'close')));
  return { remotingPort, httpPort };
}

/** What a run left behind. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The example in a process of its own, started as `npm start` starts it. */
export class ExampleProcess {
  readonly url: string;
  /** Resolves when it has ended. */
  readonly ended: Promise<Ended>;
  private readonly child: ChildProcess;
  private stdout = '';
  private stderr = '';
  private readonly watchers = new Set<() => void>();

  constructor(ports: { remotingPort: number | string; httpPort: number | string }, ...args: string[]) {
    this.url = `http://127.0.0.1:${ports.httpPort}`;
    const env = { ...process.env, REMOTING_PORT: String(ports.remotingPort), HTTP_PORT: String(ports.httpPort) };
    this.child = spawn(process.execPath, ['scripts/start.mjs', ...args], { cwd: root, env });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      for (const each of this.watchers) each();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      const { stdout, stderr } = this;
      for (const each of this.watchers) each();
      return { code, signal, stdout, stderr };
    });
  }

  /** Resolves when it has printed `text`; rejects when it ends without. */
  async printed(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const watch = (): void => {
        if (this.stdout.includes(text)) resolve();
        else if (this.child.exitCode === null && this.child.signalCode === null) return;
        else reject(new Error(`it ended without "${text}": ${this.stdout}${this.stderr}`));
        this.watchers.delete(watch);
      };
      this.watchers.add(watch);
      watch();
    });
  }

  /** What a GET of a route answers. */
  async get(route: string): Promise<{ status: number; body: unknown }> {
    const response = await fetch(this.url + route);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
    return { status: response.status, body: isJson ? JSON.parse(text) : text };
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it the hard way, for a test that failed. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}
