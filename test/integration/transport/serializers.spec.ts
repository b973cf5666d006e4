import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { IdentitySerializer } from '@nestjs/microservices/serializers/identity.serializer.js';
import { firstValueFrom, lastValueFrom, type Observable, range, throwError, toArray } from 'rxjs';
import { setTimeout as delay } from 'node:timers/promises';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import type {
  AnswerDeserializer,
  CallSerializer,
  OutgoingCall,
} from '../../../src/transport/client-remoting-options.js';
import { RemotingRecord } from '../../../src/transport/remoting.record-builder.js';
import type {
  AnswerSerializer,
  OutgoingAnswer,
  RequestDeserializer,
} from '../../../src/transport/server-remoting-options.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from './support/nest-loopback.js';
import { Deferred, observe } from './support/observe.js';
import { RecordingNestLogger } from './support/recording-nest-logger.js';

const nest = useNest();
let events: unknown[] = [];

@Controller()
class Handlers {
  @MessagePattern('echo') echo(@Payload() value: unknown): unknown {
    return value;
  }
  @MessagePattern(20_001) record(@Payload() value: unknown): RemotingRecord {
    return new RemotingRecord(value, { extFields: { tenant: 'a' }, remark: 'noted' });
  }
  @MessagePattern(20_002) command(): RemotingCommand {
    return RemotingCommand.createResponseCommand(0, 'as it is', 'raw');
  }
  @MessagePattern('stream') stream(@Payload() count: number): Observable<number> {
    return range(1, count);
  }
  @EventPattern('event') event(@Payload() value: unknown): void {
    events.push(value);
  }
  @MessagePattern('fails') fails(): Observable<never> {
    return throwError(() => new Error('x'));
  }
}

const hex = (value: unknown): string => Buffer.from(JSON.stringify(value) ?? '').toString('hex');
const unhex = (command: RemotingCommand): unknown =>
  command.body === undefined ? undefined : JSON.parse(Buffer.from(command.bodyText, 'hex').toString());

/** Bodies as hexadecimal JSON. */
const clientSide: { serializer: CallSerializer; deserializer: AnswerDeserializer } = {
  serializer: { serialize: ({ data }) => hex(data) },
  deserializer: { deserialize: response => ({ response: unhex(response) }) },
};
const serverSide: { serializer: AnswerSerializer; deserializer: RequestDeserializer } = {
  serializer: { serialize: ({ response }) => hex(response) },
  deserializer: { deserialize: request => ({ data: unhex(request) }) },
};

/** The same, each taking less time than the one before: who does not wait mixes up the order. */
function slow(): { clientSide: typeof clientSide; serverSide: typeof serverSide } {
  let turn = 0;
  const later = async <T>(value: T): Promise<T> => {
    await delay(21 - 4 * (turn++ % 6));
    return value;
  };
  return {
    clientSide: {
      serializer: { serialize: call => later(clientSide.serializer.serialize(call)) },
      deserializer: { deserialize: response => later({ response: unhex(response) }) },
    },
    serverSide: {
      serializer: { serialize: answer => later(serverSide.serializer.serialize(answer)) },
      deserializer: { deserialize: request => later({ data: unhex(request) }) },
    },
  };
}

test.each<[kind: string, sides: () => ReturnType<typeof slow>]>([
  ['at once', () => ({ clientSide, serverSide })],
  ['after some time', slow],
])('serializers and deserializers of both sides, which answer %s', async (_kind, sides) => {
  const both = sides();
  events = [];
  const { address } = await nest.serve([Handlers], { server: both.serverSide });
  const client = nest.client({ address, ...both.clientSide });
  expect(await firstValueFrom(client.send('echo', { a: 1 }))).toEqual({ a: 1 });
  expect(await lastValueFrom(client.send('stream', 5).pipe(toArray()))).toEqual([1, 2, 3, 4, 5]);
  expect(await firstValueFrom(client.send(20_001, 'x'))).toBe('x');
  await lastValueFrom(client.emit('event', { e: 1 }));
  await eventually(() => events.length === 1, 'the event');
  expect(events).toEqual([{ e: 1 }]);
});

test('what the serializer of a server gets and gives, on the wire', async () => {
  const seen: OutgoingAnswer[] = [];
  const serializer: AnswerSerializer = {
    serialize: answer => {
      seen.push(answer);
      return Buffer.from('made');
    },
  };
  const { address } = await nest.serve([Handlers], { server: { serializer } });
  const foreign = nest.loopback.client();
  const record = await foreign.invokeSync(address, new RemotingCommand({ code: 20_001, body: '"x"' }));
  expect(record).toMatchObject({ code: 0, bodyText: 'made', remark: 'noted', extFields: { tenant: 'a' } });
  const command = await foreign.invokeSync(address, new RemotingCommand({ code: 20_002 }));
  expect(command).toMatchObject({ code: 0, bodyText: 'raw', remark: 'as it is' });
  expect(seen).toEqual([{ pattern: '20001', response: 'x' }]);
});

test('what the serializer of a client gets', async () => {
  const seen: OutgoingCall[] = [];
  const serializer: CallSerializer = {
    serialize: call => {
      seen.push(call);
      return { pattern: call.pattern, data: { wrapped: call.data } };
    },
  };
  const { address } = await nest.serve([Handlers]);
  const client = nest.client({ address, serializer });
  expect(await firstValueFrom(client.send('echo', new RemotingRecord('x')))).toEqual({ wrapped: 'x' });
  expect(seen).toEqual([{ pattern: 'echo', data: 'x' }]);
});

test('Nest’s own IdentitySerializer changes nothing, on either side', async () => {
  const serializer = new IdentitySerializer();
  const { address } = await nest.serve([Handlers], { server: { serializer } });
  const client = nest.client({ address, serializer });
  for (const value of [{ a: 1 }, 'text', 0, false, Buffer.from([0, 255])]) {
    expect(await firstValueFrom(client.send('echo', value))).toEqual(value);
  }
  expect(await lastValueFrom(client.send('stream', 3).pipe(toArray()))).toEqual([1, 2, 3]);
});

const failing = {
  serialize: () => {
    throw new Error('serializer broke');
  },
};
const rejecting = { serialize: () => Promise.reject(new Error('serializer broke')) };

test.each([
  ['throws', failing],
  ['rejects', rejecting],
])('a server’s serializer that %s', async (_how, serializer) => {
  const logger = new RecordingNestLogger();
  const { client, strategy } = await nest.pair([Handlers], { server: { serializer }, logger });
  const error = { error: { code: 1, message: 'no response can be made of what the handler gave' } };
  expect(await observe(client.send('echo', 1))).toMatchObject({ values: [], error });
  expect(await observe(client.send('stream', 3))).toMatchObject({ values: [], error });
  expect(logger.of('error').join()).toMatch(/handler of echo gave: Error: serializer broke/);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test.each([
  ['throws', failing],
  ['rejects', rejecting],
])('a client’s serializer that %s', async (_how, serializer) => {
  const { address } = await nest.serve([Handlers]);
  const client = nest.client({ address, serializer });
  const error = { error: { code: 'RMQ_CLIENT', message: 'serializer broke' }, cause: { message: 'serializer broke' } };
  expect(await observe(client.send('echo', 1))).toMatchObject({ values: [], error });
  expect(await observe(client.emit('event', 1))).toMatchObject({ values: [], error });
});

test.each([
  ['throws', { deserialize: () => failing.serialize() }],
  ['rejects', { deserialize: () => Promise.reject(new Error('deserializer broke')) }],
])('deserializers that %s', async (_how, deserializer) => {
  const { address, strategy } = await nest.serve([Handlers], { server: { deserializer } });
  expect(await observe(nest.client({ address }).send('echo', 1))).toMatchObject({
    error: { error: { code: 1, message: 'Internal server error' } },
  });
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
  const { address: plain } = await nest.serve([Handlers]);
  const client = nest.client({ address: plain, deserializer });
  expect(await observe(client.send('stream', 3))).toMatchObject({
    values: [],
    error: {
      error: {
        code: 'RMQ_REMOTING_COMMAND',
        message: expect.stringContaining('broke'),
        address: plain,
        requestCode: 30_001,
      },
    },
  });
});

test('a call that is left while its serializer works is not sent', async () => {
  const { address, strategy } = await nest.serve([Handlers]);
  const gate = new Deferred();
  const serializer: CallSerializer = { serialize: ({ data }) => gate.promise.then(() => JSON.stringify(data)) };
  const client = nest.client({ address, serializer });
  await client.connect();
  client.send('echo', 1).subscribe().unsubscribe();
  gate.resolve();
  expect(await firstValueFrom(client.send('echo', 2))).toBe(2);
  expect(strategy.unwrap().statistics.requests.of(30_001).count('sync', 'success')).toBe(1);
});
