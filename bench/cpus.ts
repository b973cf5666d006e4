import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A core for the server and one for the client. */
export interface Cores {
  readonly server: number;
  readonly client: number;
}

/**
 * The two cores to pin to, or `undefined` where `taskset` is missing or fewer than two cores may be used.
 * First and last of those allowed: on common numberings they are not two threads of one core.
 */
export const twoCores = (): Cores | undefined => {
  if (spawnSync('taskset', ['--version']).error !== undefined) return undefined;
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const cpus = list.split(',').flatMap(range => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  const [server, client] = [cpus[0], cpus.at(-1)];
  return server === undefined || client === undefined || server === client ? undefined : { server, client };
};
