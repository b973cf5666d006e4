import { expect, test } from '@jest/globals';
import { Controller, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom } from 'rxjs';
import { RemotingCommand, type SerializeType } from '../../../src/protocol/remoting-command.js';
import { ExtFields } from '../../../src/transport/ext-fields.decorator.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { eventually } from '../../helpers/eventually.js';
import { moduleOf, useNest } from './support/nest-loopback.js';
import { Deferred } from './support/observe.js';

const nest = useNest();
let reached: unknown[] = [];
let gates: Deferred[] = [];

@Controller()
class Bodies {
  @RequestCode(20_001) auto(@Payload() body: unknown, @Ctx() context: RemotingContext): void {
    reached.push(body, context.command.body);
  }
  @RequestCode(20_002, { body: 'json' }) json(@Payload() body: unknown): void {
    reached.push(body);
  }
  @RequestCode(20_003, { body: 'text' }) text(@Payload() body: unknown): void {
    reached.push(body);
  }
  @RequestCode(20_004, { body: 'buffer' }) buffer(@Payload() body: unknown): void {
    reached.push(body);
  }
}

@Controller()
class Limits {
  @RequestCode(20_010, { concurrency: 2, queue: 1 }) async limited(): Promise<string> {
    const gate = new Deferred();
    gates.push(gate);
    await gate.promise;
    return 'done';
  }
  @RequestCode(20_011) free(): string {
    return 'free';
  }
  @RequestCode(20_012, { timeoutMs: 60_000 }) quick(): string {
    return 'in time';
  }
}

@Controller()
class Codes {
  @RequestCode(RequestCode.PULL_MESSAGE) pull(@Ctx() context: RemotingContext): unknown {
    return { pattern: context.getPattern(), fields: context.extFields };
  }
  @RequestCode([20_020, 20_021, -5]) several(@Ctx() context: RemotingContext): string {
    return context.getPattern();
  }
  @RequestCode(20_022) fields(
    @ExtFields() all: Record<string, string>,
    @ExtFields('tenant') tenant: string | undefined,
    @ExtFields('constructor') none: string | undefined,
  ): unknown {
    return { all, tenant, none: none === undefined };
  }
}

async function raw(address: string, code: number, body?: string | Uint8Array): Promise<RemotingCommand> {
  return nest.loopback.client().invokeSync(address, new RemotingCommand({ code, body }));
}

test.each<[code: number, body: string | Uint8Array | undefined, payload: unknown]>([
  [20_001, '{"a":[1]}', { a: [1] }],
  [20_001, ' \n[1]', [1]],
  [20_001, '-1.5', -1.5],
  [20_001, '"text"', 'text'],
  [20_001, 'true', true],
  [20_001, 'null', null],
  [20_001, 'plain text', Buffer.from('plain text')],
  [20_001, 'true or not', Buffer.from('true or not')],
  [20_001, '{"a":', Buffer.from('{"a":')],
  [20_001, Buffer.from([0xff, 0, 1]), Buffer.from([0xff, 0, 1])],
  [20_001, undefined, undefined],
  [20_002, '{"a":1}', { a: 1 }],
  [20_002, undefined, undefined],
  [20_003, '{"a":1}', '{"a":1}'],
  [20_003, 'ä', 'ä'],
  [20_003, undefined, undefined],
  [20_004, '{"a":1}', Buffer.from('{"a":1}')],
  [20_004, undefined, undefined],
])('code %d gets the body %j as its mode says', async (code, body, payload) => {
  const { address } = await nest.serve([Bodies]);
  reached = [];
  expect(await raw(address, code, body)).toMatchObject({ code: 0, body: undefined });
  expect(reached[0]).toEqual(payload);
  if (code === 20_001) expect(reached[1]).toEqual(body === undefined ? undefined : Buffer.from(body));
});

test.each(['no JSON', '{', Buffer.from([0xff])])(
  'a json body that does not parse (%j) never reaches its handler',
  async body => {
    const { address, strategy } = await nest.serve([Bodies]);
    reached = [];
    expect(await raw(address, 20_002, body)).toMatchObject({ code: 1, remark: 'the body of the request is no JSON' });
    expect(reached).toEqual([]);
    expect(strategy.unwrap().dispatcher.pending).toBe(0);
  },
);

test('what is over concurrency and queue is answered SYSTEM_BUSY at once; others are not disturbed', async () => {
  const { client, strategy } = await nest.pair([Limits]);
  gates = [];
  const calls = [1, 2, 3].map(() => firstValueFrom(client.send(20_010, 1)));
  await eventually(() => gates.length === 2, 'two run');
  const pair = strategy.unwrap().getProcessorPair(20_010);
  await eventually(() => pair?.queueLength === 1, 'one waits');
  await expect(firstValueFrom(client.send(20_010, 1))).rejects.toMatchObject({
    error: { code: 2, message: '[OVERLOAD]system busy, start flow control for a while' },
  });
  expect(await firstValueFrom(client.send(20_011, 1))).toBe('free');
  expect(pair?.rejected).toBe(1);
  gates[0]?.resolve();
  await eventually(() => gates.length === 3, 'the waiting one runs');
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(calls)).toEqual(['done', 'done', 'done']);
  expect(pair?.active).toBe(0);
});

test('a handler that is done in time leaves no timer behind', async () => {
  const { client } = await nest.pair([Limits]);
  expect(await firstValueFrom(client.send(20_012, 1))).toBe('in time');
});

test('a waiting oneway request over the queue is dropped', async () => {
  const { client, strategy } = await nest.pair([Limits]);
  gates = [];
  for (let sent = 0; sent < 4; sent++) await lastValueFrom(client.emit(20_010, sent));
  await eventually(() => strategy.unwrap().getProcessorPair(20_010)?.rejected === 1, 'one is refused');
  for (const gate of gates) gate.resolve();
  await eventually(() => gates.length === 3, 'the waiting one runs');
  gates[2]?.resolve();
  await eventually(() => strategy.unwrap().dispatcher.pending === 0, 'all done');
});

test('codes by RocketMQ’s names and in lists', async () => {
  const { client } = await nest.pair([Codes]);
  const record = new RemotingRecordBuilder('x').setExtFields({ pattern: 'mine', topic: 't' }).build();
  expect(await firstValueFrom(client.send(RequestCode.PULL_MESSAGE, record))).toEqual({
    pattern: '11',
    fields: { pattern: 'mine', topic: 't' },
  });
  for (const code of [20_020, 20_021, -5]) expect(await firstValueFrom(client.send(code, 1))).toBe(String(code));
});

test.each<SerializeType>(['JSON', 'ROCKETMQ'])('ext fields, %s headers', async serializeType => {
  const { client } = await nest.pair([Codes]);
  const record = new RemotingRecordBuilder()
    .setData('x')
    .setExtFields({ tenant: 'a' })
    .setExtFields({ more: 'ä"' })
    .setSerializeType(serializeType)
    .build();
  expect(await firstValueFrom(client.send(20_022, record))).toEqual({
    all: { tenant: 'a', more: 'ä"' },
    tenant: 'a',
    none: true,
  });
  expect(await firstValueFrom(client.send(20_022, 'none'))).toEqual({ all: {}, none: true });
});

/** Controllers whose handlers clash. */
const clashing: Readonly<Record<string, () => Type<unknown>>> = {
  'two message handlers for the pattern 20001: keep one': () => {
    @Controller()
    class Clash {
      @RequestCode(20_001) first(): void {}
      @MessagePattern('20001') second(): void {}
    }
    return Clash;
  },
  'a message and an event handler for the pattern 20002: keep one': () => {
    @Controller()
    class Clash {
      @RequestCode(20_002) first(): void {}
      @RequestCode(20_002, { event: true }) second(): void {}
    }
    return Clash;
  },
  'a message and an event handler for the pattern created: keep one': () => {
    @Controller()
    class Clash {
      @EventPattern(['created']) first(): void {}
      @MessagePattern('created') second(): void {}
    }
    return Clash;
  },
  'request code 30001 is reserved': () => {
    @Controller()
    class Clash {
      @RequestCode(30_001) first(): void {}
    }
    return Clash;
  },
  'the pattern /order.*/ is a RegExp: calls name their pattern': () => {
    @Controller()
    class Clash {
      @MessagePattern(/order.*/) first(): void {}
    }
    return Clash;
  },
};

test.each(Object.keys(clashing))('refused at start: %s', async fault => {
  const strategy = nest.strategy();
  const controllers = [clashing[fault]?.() ?? Codes];
  const app = await NestFactory.createMicroservice(moduleOf({ controllers }), { strategy, logger: false });
  nest.loopback.atEnd(() => app.close());
  await expect(app.listen()).rejects.toMatchObject({ code: 'RMQ_OPTIONS', faults: [fault] });
  expect(strategy.unwrap().localListenPort()).toBe(0);
});

test('a taken port is a clear error, and the server can be closed', async () => {
  const { strategy: taken } = await nest.serve([Codes]);
  const strategy = nest.strategy({ port: taken.unwrap().localListenPort() });
  const app = await NestFactory.createMicroservice(moduleOf({}), { strategy, logger: false });
  const statuses: string[] = [];
  app.status.subscribe((status: string) => statuses.push(status));
  await expect(app.listen()).rejects.toThrow(/cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*Set another "port"/);
  await app.close();
  await app.close();
  expect(statuses).toEqual(['disconnected']);
});
