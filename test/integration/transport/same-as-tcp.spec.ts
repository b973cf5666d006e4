import { expect, test } from '@jest/globals';
import { type CanActivate, Controller, ParseIntPipe, type PipeTransform, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  type ClientProxy,
  ClientTCP,
  EventPattern,
  MessagePattern,
  Payload,
  RpcException,
  Transport,
} from '@nestjs/microservices';
import type { AddressInfo, Server } from 'node:net';
import { concat, EMPTY, from, interval, map, mergeMap, Observable, of, range, take, throwError, timer } from 'rxjs';
import { eventually } from '../../helpers/eventually.js';
import { moduleOf, useNest } from './support/nest-loopback.js';
import { type Observation, observe } from './support/observe.js';

const nest = useNest();

class Refusing implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

class Doubling implements PipeTransform<number, number> {
  transform(value: number): number {
    return value * 2;
  }
}

type Calls = Pick<ClientProxy, 'send' | 'emit'>;

let received: unknown[] = [];

@Controller()
class Handlers {
  @MessagePattern('echo') echo(@Payload() value: unknown): unknown {
    return value;
  }
  @MessagePattern(7) number(@Payload() value: unknown): unknown {
    return { number: value };
  }
  @MessagePattern('7.5') fraction(@Payload() value: unknown): unknown {
    return { fraction: value };
  }
  @MessagePattern({ cmd: 'sum', by: { role: 'admin' } }) object(@Payload() values: number[]): number {
    return values.reduce((left, right) => left + right, 0);
  }
  @MessagePattern('async') async later(@Payload() value: unknown): Promise<unknown> {
    await Promise.resolve();
    return value;
  }
  @MessagePattern('observable') observable(): Observable<number> {
    return of(1);
  }
  @MessagePattern('promised') async promised(): Promise<Observable<number>> {
    await Promise.resolve();
    return range(1, 3);
  }
  @MessagePattern('burst') burst(@Payload() count: number): Observable<number> {
    return range(1, count);
  }
  @MessagePattern('slow') slow(@Payload() count: number): Observable<number> {
    return interval(2).pipe(take(count));
  }
  @MessagePattern('mixed') mixed(): Observable<unknown> {
    return concat(of(1, 2), timer(3), from(['a', { b: [] }]), timer(1).pipe(mergeMap(() => of(true, false, null))));
  }
  @MessagePattern('half') half(): Observable<number> {
    return concat(
      of(1, 2),
      timer(2).pipe(map(() => 3)),
      throwError(() => new RpcException('broken in the middle')),
    );
  }
  @MessagePattern('none') none(): Observable<number> {
    return EMPTY;
  }
  @MessagePattern('piped') piped(@Payload(ParseIntPipe, Doubling) value: number): number {
    return value;
  }
  @UseGuards(Refusing) @MessagePattern('guarded') guarded(): number {
    return 1;
  }
  @MessagePattern('rpc text') text(): never {
    throw new RpcException('told as text');
  }
  @MessagePattern('rpc object') told(): never {
    throw new RpcException({ code: 20017, message: 'no such order' });
  }
  @MessagePattern('unknown') unknown(): never {
    throw new Error('a secret');
  }
  @EventPattern('event') event(@Payload() value: unknown): void {
    received.push(value);
  }
  @EventPattern('event') other(@Payload() value: unknown): void {
    received.push(['other', value]);
  }
}

/** Runs a scenario over our transport and over Nest's TCP, and compares what came of it. */
async function compare<T>(scenario: (client: Calls) => Promise<T>): Promise<T> {
  const { client } = await nest.pair([Handlers]);
  const ours = await scenario(client);
  const app = await NestFactory.createMicroservice(moduleOf({ controllers: [Handlers] }), {
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
    logger: false,
  });
  nest.loopback.atEnd(() => app.close());
  await app.listen();
  const { port } = app.unwrap<Server>().address() as AddressInfo;
  const tcp = new ClientTCP({ host: '127.0.0.1', port });
  nest.loopback.atEnd(() => tcp.close());
  expect(ours).toEqual(await scenario(tcp));
  return ours;
}

/** Errors of both transports by what they tell. */
const told = ({ values, error }: Observation): object => ({
  values,
  error: (error as { message?: unknown } | undefined)?.message,
});

test.each<[pattern: unknown, data: unknown, values: unknown[]]>([
  ['echo', 'text', ['text']],
  ['echo', 0, [0]],
  ['echo', false, [false]],
  ['echo', '', ['']],
  ['echo', { a: [1, { b: null }] }, [{ a: [1, { b: null }] }]],
  ['echo', 'ä\u2028"\\😀', ['ä\u2028"\\😀']],
  [7, 1, [{ number: 1 }]],
  ['7', 1, [{ number: 1 }]],
  [7.5, 1, [{ fraction: 1 }]],
  [{ cmd: 'sum', by: { role: 'admin' } }, [1, 2, 3], [6]],
  [{ by: { role: 'admin' }, cmd: 'sum' }, [1, 2], [3]],
  ['async', 'later', ['later']],
  ['observable', 1, [1]],
  ['promised', 1, [1, 2, 3]],
  ['burst', 100, Array.from({ length: 100 }, (_, at) => at + 1)],
  ['slow', 4, [0, 1, 2, 3]],
  ['mixed', 1, [1, 2, 0, 'a', { b: [] }, true, false, null]],
  ['none', 1, []],
  ['piped', '21', [42]],
])('%j with %j gives the same values', async (pattern, data, values) => {
  expect(await compare(client => observe(client.send(pattern, data)))).toEqual({ values });
});

test.each<[pattern: unknown, values: unknown[], error: string]>([
  ['half', [1, 2, 3], 'broken in the middle'],
  ['guarded', [], 'Forbidden resource'],
  ['rpc text', [], 'told as text'],
  ['rpc object', [], 'no such order'],
  ['unknown', [], 'Internal server error'],
  ['piped', [], 'Internal server error'],
])('%j gives the same error', async (pattern, values, error) => {
  expect(await compare(async client => told(await observe(client.send(pattern, 'x'))))).toEqual({ values, error });
});

test('a pattern that nobody serves is an error', async () => {
  await compare(async client => {
    const { values, error } = await observe(client.send('nobody', 1));
    return { values, isError: error !== undefined };
  });
});

test('data that is no data is refused as Nest does', async () => {
  await compare(async client => [
    await observe(client.send('echo', null)),
    await observe(client.send('echo', undefined)),
    await observe(client.send(undefined, 1)),
    await observe(client.emit('event', null)),
  ]);
});

test('concurrent calls get each their own answer', async () => {
  await compare(client =>
    Promise.all(
      Array.from({ length: 200 }, (_, at) =>
        observe(client.send(at % 3 === 0 ? 'burst' : at % 3 === 1 ? 'echo' : 'slow', (at % 5) + 1)),
      ),
    ),
  );
});

test('an event reaches every handler of its pattern', async () => {
  await compare(async client => {
    received = [];
    const seen = await observe(client.emit('event', { id: 1 }));
    await eventually(() => received.length === 2, 'both handlers');
    return { ...seen, received };
  });
});

test('status of a client and its server', async () => {
  const { client, app, strategy } = await nest.pair([Handlers]);
  const seen: string[] = [];
  client.status.subscribe(status => seen.push(`client ${status}`));
  app.status.subscribe((status: string) => seen.push(`server ${status}`));
  await client.connect();
  await eventually(() => seen.includes('client connected'), 'connected');
  await app.close();
  await eventually(() => seen.includes('client disconnected'), 'disconnected');
  expect(seen.slice(0, 2)).toEqual(['server connected', 'client connected']);
  expect(seen.slice(2).toSorted()).toEqual(['client disconnected', 'server disconnected']);
  expect(strategy.unwrap().isShutdown).toBe(true);
});
