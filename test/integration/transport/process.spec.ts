import { expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { firstValueFrom } from 'rxjs';
import { useNest } from './support/nest-loopback.js';

const nest = useNest();
const HOOKS = new URL('../metrics/typescript-hooks.mjs', import.meta.url).href;

/** An application in a process of its own, and the lines that it prints. */
interface Child {
  readonly process: ChildProcess;
  /** The next line that matches. */
  line(pattern: RegExp): Promise<string>;
  /** All lines, once it has ended. */
  end(): Promise<{ code: number | null; lines: string[] }>;
}

function start(file: string, ...args: string[]): Child {
  const path = fileURLToPath(new URL(`./support/${file}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', HOOKS, path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  nest.loopback.atEnd(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  const waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  createInterface(child.stdout).on('line', line => {
    lines.push(line);
    for (const each of waiting) if (each.pattern.test(line)) each.resolve(line);
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, lines }));
  return {
    process: child,
    line: async pattern => {
      const found = lines.find(line => pattern.test(line));
      if (found !== undefined) return found;
      const line = new Promise<string>(resolve => waiting.push({ pattern, resolve }));
      const early = ended.then(() => {
        throw new Error(`it ended without ${String(pattern)}: ${lines.join(' | ')}`);
      });
      return Promise.race([line, early]);
    },
    end: () => ended,
  };
}

test.each(['hybrid', 'microservice'])(
  'SIGTERM of a %s: handlers in flight finish with their dependencies, and the process ends',
  async kind => {
    const child = start('terminated-application.ts', kind);
    const address = (await child.line(/^address /)).slice('address '.length);
    const client = nest.client({ address, timeoutMs: 20_000 });
    const answer = firstValueFrom(client.send('slow', 1));
    await child.line(/^begun/);
    child.process.kill('SIGTERM');
    expect(await answer).toEqual({ open: true });
    const { lines } = await child.end();
    expect(lines.slice(1)).toEqual(['begun', 'draining', 'done open=true', 'closed']);
  },
  30_000,
);

test('nestjs-cls: each handler has its store, also between calls that run at the same time', async () => {
  const child = start('cls-application.ts');
  const { code, lines } = await child.end();
  expect(lines).toEqual(['guard a=a b=b c=c', 'interceptor a=a b=b c=c', 'stream a=a,a b=b,b c=c,c', 'event d']);
  expect(code).toBe(0);
}, 30_000);
