import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { catchError, firstValueFrom, lastValueFrom, type Observable, of, range, tap, toArray } from 'rxjs';
import { AsyncLocalStorage } from 'node:async_hooks';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RemotingRecord } from '../../../src/transport/remoting.record-builder.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import type { ServerRemoting } from '../../../src/transport/server-remoting.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from './support/nest-loopback.js';
import { Deferred, observe } from './support/observe.js';
import { RecordingNestLogger } from './support/recording-nest-logger.js';

type StartHook = Parameters<ServerRemoting['setOnProcessingStartHook']>[0];

const nest = useNest();
const store = new AsyncLocalStorage<string>();
let ran: unknown[] = [];

const idOf = (context: unknown): string => (context as RemotingContext).getPattern();
/** Nest types hooks as returning nothing, and its own transports await what they return. */
const startHook = (hook: (...args: Parameters<StartHook>) => unknown): StartHook => hook as StartHook;

@Controller()
class Handlers {
  @MessagePattern('store') async store(): Promise<string | undefined> {
    await Promise.resolve();
    return store.getStore();
  }
  @MessagePattern('echo') echo(@Payload() value: unknown): unknown {
    ran.push(value);
    return value;
  }
  @MessagePattern('stream') stream(): Observable<number> {
    return range(1, 3);
  }
  @MessagePattern('fails') fails(): never {
    throw new Error('x');
  }
  @EventPattern('event') event(@Payload() value: unknown): void {
    ran.push(value);
  }
  @RequestCode(20_001, { timeoutMs: 20 }) limited(): string {
    ran.push('limited');
    return 'done';
  }
  @MessagePattern(20_002) metadata(@Ctx() context: RemotingContext): unknown {
    return context.getMetadata();
  }
  @MessagePattern('metadata') patternMetadata(@Ctx() context: RemotingContext): unknown {
    return context.getMetadata();
  }
}

test('the start hook puts the handler into a context, whatever it returns', async () => {
  for (const returns of [false, true]) {
    let count = 0;
    const { client } = await nest.pair([Handlers], {
      before: (_app, strategy) =>
        strategy.setOnProcessingStartHook(
          startHook((_transport, _context, done) => {
            const result = store.run(`call ${++count}`, done);
            return returns ? result : undefined;
          }),
        ),
    });
    const all = await Promise.all([1, 2, 3].map(() => firstValueFrom(client.send('store', 1))));
    expect(all).toEqual(['call 1', 'call 2', 'call 3']);
  }
});

test('every start has its end, once, whatever comes of the call', async () => {
  const seen: string[] = [];
  const { client } = await nest.pair([Handlers], {
    before: (_app, strategy) => {
      strategy.setOnProcessingStartHook(
        startHook((_transport, context, done) => {
          seen.push(`start ${idOf(context)}`);
          return done();
        }),
      );
      strategy.setOnProcessingEndHook((_transport, context) => void seen.push(`end ${idOf(context)}`));
    },
  });
  for (const pattern of ['echo', 'stream', 'fails', 'event', 20_001]) await observe(client.send(pattern, 1));
  await lastValueFrom(client.emit('event', 1));
  await eventually(() => seen.length === 12, 'all six');
  expect(seen).toEqual(
    ['echo', 'stream', 'fails', 'event', '20001', 'event'].flatMap(each => [`start ${each}`, `end ${each}`]),
  );
});

test('a start hook that puts the handler off', async () => {
  const gate = new Deferred();
  ran = [];
  const { client } = await nest.pair([Handlers], {
    before: (_app, strategy) =>
      strategy.setOnProcessingStartHook(
        startHook(async (_transport, _context, done) => {
          await gate.promise;
          await done();
        }),
      ),
  });
  const answer = firstValueFrom(client.send('echo', 'late'));
  await client.connect();
  expect(ran).toEqual([]);
  gate.resolve();
  expect(await answer).toBe('late');
});

test('a handler that is put off for longer than it may take does not run, and its end is told', async () => {
  const gate = new Deferred();
  let ends = 0;
  ran = [];
  const { client } = await nest.pair([Handlers], {
    before: (_app, strategy) => {
      strategy.setOnProcessingStartHook(
        startHook(async (_transport, _context, done) => {
          await gate.promise;
          await done();
        }),
      );
      strategy.setOnProcessingEndHook(() => void ends++);
    },
  });
  expect(await observe(client.send(20_001, 1))).toMatchObject({ error: { error: { code: 1 } } });
  expect(ends).toBe(0);
  gate.resolve();
  await eventually(() => ends === 1, 'the end');
  expect(ran).toEqual([]);
});

test.each<[how: string, hook: () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('the hook broke');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the hook broke'))],
])('a start hook that %s fails its call, is logged and leaves nothing behind', async (_how, hook) => {
  const logger = new RecordingNestLogger();
  let ends = 0;
  const { client, strategy } = await nest.pair([Handlers], {
    logger,
    before: (_app, server) => {
      server.setOnProcessingStartHook(startHook(hook));
      server.setOnProcessingEndHook(() => void ends++);
    },
  });
  for (const pattern of ['echo', 20_001, 'event']) {
    expect(await observe(client.send(pattern, 1))).toMatchObject({
      error: { error: { code: 1, message: 'Internal server error' } },
    });
  }
  expect(logger.of('error').length).toBe(3);
  expect(logger.of('error')[0]).toContain('the hook broke');
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
  // Nest tells the end of what has begun
  expect(ends).toBe(0);
});

test('a hook that fails after the handler was run, and one that runs it twice', async () => {
  ran = [];
  const { client, strategy } = await nest.pair([Handlers], {
    before: (_app, server) =>
      server.setOnProcessingStartHook(
        startHook((_transport, _context, done) => {
          void done();
          void done();
          throw new Error('too late');
        }),
      ),
  });
  await observe(client.send('echo', 1));
  expect(ran).toEqual([1]);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test('an end hook that throws changes nothing', async () => {
  const logger = new RecordingNestLogger();
  const { client } = await nest.pair([Handlers], {
    logger,
    before: (_app, strategy) =>
      strategy.setOnProcessingEndHook(() => {
        throw new Error('the end hook broke');
      }),
  });
  expect(await firstValueFrom(client.send('echo', 1))).toBe(1);
  expect(await lastValueFrom(client.send('stream', 1).pipe(toArray()))).toEqual([1, 2, 3]);
  expect(logger.of('error').join()).toContain('the end hook broke');
});

test.each(['metadata', 20_002])('what the dispatch hook attaches is metadata of the context: %s', async pattern => {
  const { client } = await nest.pair([Handlers]);
  client.setOnDispatchHook(packet => {
    packet.metadata = { trace: `of ${String(packet.pattern)}`, tenant: 'hook' };
  });
  expect(await firstValueFrom(client.send(pattern, 1))).toEqual({ trace: `of ${String(pattern)}`, tenant: 'hook' });
  const record = new RemotingRecord(1, { extFields: { tenant: 'own' } });
  expect(await firstValueFrom(client.send(pattern, record))).toEqual({ trace: `of ${String(pattern)}`, tenant: 'own' });
});

test('a dispatch hook that throws fails its call', async () => {
  const { client } = await nest.pair([Handlers]);
  client.setOnDispatchHook(() => {
    throw new Error('the dispatch hook broke');
  });
  expect(await observe(client.send('echo', 1))).toMatchObject({ error: { message: 'the dispatch hook broke' } });
  expect(await observe(client.emit('event', 1))).toMatchObject({ error: { message: 'the dispatch hook broke' } });
});

test('pre-request hooks run before the handler and see its value or error', async () => {
  const seen: unknown[] = [];
  const { client } = await nest.pair([Handlers], {
    before: app =>
      app.registerPreRequestHook((context, next) =>
        next().pipe(
          tap(value => seen.push([context.switchToRpc().getContext() instanceof RemotingContext, value])),
          catchError((error: unknown) => {
            seen.push(error);
            return of('rescued');
          }),
        ),
      ),
  });
  expect(await firstValueFrom(client.send('echo', 7))).toBe(7);
  expect(await firstValueFrom(client.send('fails', 7))).toBe('rescued');
  expect(seen).toEqual([[true, 7], new Error('x')]);
});
