/** Both ports are open to this machine alone. */
export const HOST = '127.0.0.1';

/** What the environment and the command line say. */
export interface Settings {
  readonly remotingPort: number;
  readonly httpPort: number;
  /** Make the sample calls and end. */
  readonly once: boolean;
}

/** @throws {Error} with what is wrong, for people */
export function readSettings(environment: NodeJS.ProcessEnv, args: readonly string[]): Settings {
  const unknown = args.find(each => each !== '--once');
  if (unknown !== undefined) throw new Error(`unknown argument ${unknown}: the only one there is is --once`);
  return {
    remotingPort: portOf('REMOTING_PORT', environment['REMOTING_PORT'] ?? '8888'),
    httpPort: portOf('HTTP_PORT', environment['HTTP_PORT'] ?? '3000'),
    once: args.includes('--once'),
  };
}

function portOf(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new Error(`${name} must be a port from 1 to 65535, not "${text}"`);
  return port;
}
