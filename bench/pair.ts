import { fileURLToPath } from 'node:url';
import { contenders } from './contenders.js';
import type { Cores } from './cpus.js';
import { javaArguments } from './java.js';
import { LineProcess } from './line-process.js';
import { type Load, type Measurement, writeLoad } from './load.js';

const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts one end of a contender: Node or Java, on its core. `port` makes it the client. */
const startEnd = (what: string, cpu: number | undefined, port?: number): LineProcess => {
  const end = port === undefined ? ['serve'] : ['call', String(port)];
  const isNode = contenders[what]?.load !== undefined;
  const [name, ...rest] = end;
  return isNode
    ? new LineProcess({ command: process.execPath, args: [script(`${name}.js`), what, ...rest], cpu })
    : new LineProcess({ command: 'java', args: javaArguments(...end), cpu });
};

/** Server and client of one contender, kept alive and idle between its turns. */
export class Pair {
  private constructor(
    readonly what: string,
    private readonly server: LineProcess,
    private readonly client: LineProcess,
  ) {}

  /** Starts both, each on its own core where cores are given, and waits until the client is connected. */
  static async start(what: string, cores: Cores | undefined): Promise<Pair> {
    const server = startEnd(what, cores?.server);
    try {
      const { port } = await server.next<{ port: number }>();
      const client = startEnd(what, cores?.client, port);
      await client.next();
      return new Pair(what, server, client);
    } catch (error) {
      await server.end();
      throw error;
    }
  }

  measure(load: Load): Promise<Measurement> {
    return this.client.ask<Measurement>(writeLoad(load));
  }

  async end(): Promise<void> {
    await this.client.end();
    await this.server.end();
  }
}
