import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { concat, EMPTY, lastValueFrom, of, toArray } from 'rxjs';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RemotingRecord, RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { useNest } from './support/nest-loopback.js';
import { observe } from './support/observe.js';
import { RecordingNestLogger } from './support/recording-nest-logger.js';

const nest = useNest();

const circular: Record<string, unknown> = {};
circular['self'] = circular;
const standing = RemotingCommand.createResponseCommand(0, 'standing', '"same"');

/** What the handler gives, by name. */
const given: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  empty: () => EMPTY,
  'of undefined': () => of(undefined),
  null: () => null,
  zero: () => 0,
  false: () => false,
  'empty text': () => '',
  text: () => 'ä"\u2028',
  buffer: () => Buffer.from([0, 255]),
  'empty buffer': () => Buffer.alloc(0),
  bytes: () => new Uint8Array(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2),
  date: () => new Date(0),
  nan: () => Number.NaN,
  command: () => RemotingCommand.createResponseCommand(0, 'fine', Buffer.from('"raw"'), { a: 'b' }),
  'error command': () => RemotingCommand.createResponseCommand(20_017, 'refused', undefined, { a: 'b' }),
  'standing command': () => standing,
  'own request': (context?: unknown) => (context as RemotingContext).command,
  record: () => new RemotingRecordBuilder({ id: 1 }).setExtFields({ tenant: 'a' }).setRemark('noted').build(),
  'record of bytes': () => new RemotingRecord(Buffer.from([1]), { extFields: { tenant: 'a' } }),
  'record of nothing': () => new RemotingRecord(undefined),
  circular: () => circular,
  big: () => 1n,
  throwing: () => ({
    toJSON: () => {
      throw new Error('a secret');
    },
  }),
  'stream of records': () => of(new RemotingRecord(1, { extFields: { at: '1' } }), new RemotingRecord(2)),
  'stream that breaks': () => concat(of(1), of(circular), of(3)),
};

@Controller()
class Handlers {
  @MessagePattern(20_001) give(@Payload() name: string, @Ctx() context: RemotingContext): unknown {
    return (given[name] as (context: unknown) => unknown)(context);
  }
}

test.each<[name: string, values: unknown[]]>([
  ['undefined', []],
  ['empty', []],
  ['of undefined', []],
  ['null', [null]],
  ['zero', [0]],
  ['false', [false]],
  ['empty text', ['']],
  ['text', ['ä"\u2028']],
  ['buffer', [Buffer.from([0, 255])]],
  ['empty buffer', []],
  ['bytes', [Buffer.from([1, 2])]],
  ['date', ['1970-01-01T00:00:00.000Z']],
  ['nan', [null]],
  ['command', ['raw']],
  ['record', [{ id: 1 }]],
  ['record of bytes', [Buffer.from([1])]],
  ['record of nothing', []],
  ['stream of records', [1, 2]],
])('a handler that gives %s', async (name, values) => {
  const { client } = await nest.pair([Handlers]);
  expect(await observe(client.send(20_001, name))).toEqual({ values });
});

test.each<[name: string, answer: object]>([
  ['undefined', { code: 0, body: undefined, remark: undefined }],
  ['empty', { code: 0, body: undefined }],
  ['null', { code: 0, bodyText: 'null' }],
  ['text', { code: 0, bodyText: '"ä\\"\u2028"' }],
  ['buffer', { code: 0, body: Buffer.from([0, 255]) }],
  ['command', { code: 0, remark: 'fine', bodyText: '"raw"', extFields: { a: 'b' } }],
  ['error command', { code: 20_017, remark: 'refused', body: undefined, extFields: { a: 'b' } }],
  ['record', { code: 0, remark: 'noted', bodyText: '{"id":1}', extFields: { tenant: 'a' } }],
])('on the wire: %s', async (name, answer) => {
  const { address } = await nest.serve([Handlers]);
  const request = new RemotingCommand({ code: 20_001, body: JSON.stringify(name) });
  const { code, remark, body, bodyText, extFields } = await nest.loopback.client().invokeSync(address, request);
  const fields = extFields && { ...extFields };
  expect({ code, remark, body, bodyText, extFields: fields }).toMatchObject(answer);
});

test('an error command is an error of the call', async () => {
  const { client } = await nest.pair([Handlers]);
  expect(await observe(client.send(20_001, 'error command'))).toMatchObject({
    values: [],
    error: { error: { code: 20_017, message: 'refused' } },
  });
});

test('a command that is kept answers any number of calls at once', async () => {
  const { client } = await nest.pair([Handlers]);
  const all = await Promise.all(
    Array.from({ length: 50 }, () => lastValueFrom(client.send(20_001, 'standing command').pipe(toArray()))),
  );
  expect(all).toEqual(Array.from({ length: 50 }, () => ['same']));
});

test.each(['circular', 'big', 'throwing'])('an answer that cannot be serialized: %s', async name => {
  const logger = new RecordingNestLogger();
  const { client, strategy } = await nest.pair([Handlers], { logger });
  expect(await observe(client.send(20_001, name))).toMatchObject({
    values: [],
    error: { error: { code: 1, message: 'no response can be made of what the handler gave' } },
  });
  expect(logger.of('error')).toEqual([expect.stringMatching(/handler of 20001 gave: .*(circular|BigInt|secret)/)]);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
  expect(await observe(client.send(20_001, 'zero'))).toEqual({ values: [0] });
});

test('a value in the middle of a stream that cannot be serialized ends it', async () => {
  const { client, strategy } = await nest.pair([Handlers]);
  expect(await observe(client.send(20_001, 'stream that breaks'))).toMatchObject({
    values: [1],
    error: { error: { code: 1, message: 'no response can be made of what the handler gave' } },
  });
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});
