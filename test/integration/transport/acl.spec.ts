import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload, RpcException } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom, type Observable, range, toArray } from 'rxjs';
import { inspect } from 'node:util';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { ClientRemoting } from '../../../src/transport/client-remoting.js';
import { RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { RocketMQModule } from '../../../src/transport/rocketmq.module.js';
import { ServerRemoting } from '../../../src/transport/server-remoting.js';
import { serverCertificate } from '../../helpers/tls-files.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from './support/nest-loopback.js';
import { type Observation, observe } from './support/observe.js';
import { RecordingNestLogger } from './support/recording-nest-logger.js';

const nest = useNest();
const SECRET = 'a-very-secret-key';
const TOKEN = 'a-very-secret-token';
const PASSPHRASE = 'a-very-secret-passphrase';
const accounts = { alice: SECRET };
const alice = { accessKey: 'alice', secretKey: SECRET };
let handled: unknown[] = [];

@Controller()
class Handlers {
  @MessagePattern(20_001) echo(@Payload() value: unknown): unknown {
    handled.push(value);
    return value;
  }
  @MessagePattern('stream') stream(): Observable<number> {
    return range(1, 3);
  }
  @EventPattern(['event']) event(@Payload() value: unknown): void {
    handled.push(value);
  }
}

const start = (): ReturnType<typeof nest.serve> => {
  handled = [];
  return nest.serve([Handlers], { server: { acl: { accounts } } });
};

test('signed calls, streams, events and records are served', async () => {
  const { address } = await start();
  const client = nest.client({ address, acl: { ...alice, securityToken: TOKEN } });
  expect(await firstValueFrom(client.send(20_001, { a: 'ä' }))).toEqual({ a: 'ä' });
  const record = new RemotingRecordBuilder('x').setExtFields({ z: '1', A: '2' }).setSerializeType('ROCKETMQ').build();
  expect(await firstValueFrom(client.send(20_001, record))).toBe('x');
  expect(await lastValueFrom(client.send('stream', 1).pipe(toArray()))).toEqual([1, 2, 3]);
  await lastValueFrom(client.emit('event', 'e'));
  await eventually(() => handled.length === 3, 'the event');
});

test.each<[who: string, acl: { accessKey: string; secretKey: string } | undefined, remark: RegExp]>([
  ['nobody', undefined, /not signed/],
  ['a stranger', { accessKey: 'mallory', secretKey: SECRET }, /check signature failed/],
  ['a wrong key', { accessKey: 'alice', secretKey: 'guessed' }, /check signature failed/],
  ['a name of Object', { accessKey: 'constructor', secretKey: 'x' }, /check signature failed/],
])('%s is refused before any handler', async (_who, acl, remark) => {
  const { address, strategy } = await start();
  const client = nest.client({ address, acl });
  expect(await observe(client.send(20_001, 1))).toMatchObject({
    error: { error: { code: 16, message: expect.stringMatching(remark) } },
  });
  await lastValueFrom(client.emit('event', 1));
  expect(await observe(client.send('stream', 1))).toMatchObject({ values: [], error: { error: { code: 16 } } });
  expect(handled).toEqual([]);
  expect(strategy.unwrap().dispatcher.pending).toBe(0);
});

test('a request that was changed under way is refused', async () => {
  const { address } = await start();
  const client = nest.client({ address, acl: alice });
  const signed: RemotingCommand[] = [];
  client.unwrap().registerCallHook({ onCallFinished: call => void signed.push(call.request) });
  await firstValueFrom(client.send(20_001, 'x'));
  const { extFields = {} } = signed[0] ?? {};
  const foreign = nest.loopback.client();
  const replayed = await foreign.invokeSync(
    address,
    new RemotingCommand({ code: 20_001, extFields: { ...extFields }, body: '"x"' }),
  );
  expect(replayed.code).toBe(0);
  for (const change of [{ body: '"y"' }, { extFields: { ...extFields, more: '1' } }]) {
    const answer = await foreign.invokeSync(
      address,
      new RemotingCommand({ code: 20_001, extFields: { ...extFields }, body: '"x"', ...change }),
    );
    expect(answer.code).toBe(16);
  }
});

const secrets = [SECRET, TOKEN, PASSPHRASE, serverCertificate.key.toString().split('\n')[1] ?? ''];

function expectNoSecret(text: string): void {
  const found = secrets.map(secret => text.indexOf(secret)).filter(at => at >= 0);
  expect(found.map(at => text.slice(Math.max(0, at - 300), at + 20))).toEqual([]);
}

/** As deep as it goes, with hidden properties and what a Buffer holds as text. */
const shown = (value: unknown): string =>
  inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null, maxStringLength: null });

test('secrets are in no printed client, server, module, error or log line', async () => {
  const logger = new RecordingNestLogger();
  const { strategy, address } = await nest.serve([Handlers], { server: { acl: { accounts } }, logger });
  const client = nest.client({ address, acl: { ...alice, securityToken: TOKEN } });
  await firstValueFrom(client.send(20_001, 'x'));
  const wrong = nest.client({ address, acl: { accessKey: 'alice', secretKey: PASSPHRASE } });
  const { error }: Observation = await observe(wrong.send(20_001, 'x'));
  expect(error).toBeInstanceOf(RpcException);
  const clients = [{ address, acl: { ...alice, securityToken: TOKEN } }];
  const module = RocketMQModule.forRoot({ clients, server: { acl: { accounts } } });
  for (const each of [client, strategy, wrong, error, module]) expectNoSecret(shown(each));
  expectNoSecret(JSON.stringify((error as RpcException).getError()));
  expectNoSecret(logger.lines.join('\n'));
});

test.each<[what: string, make: () => unknown]>([
  ['a client', () => new ClientRemoting({ address: 'a:1', acl: { ...alice, securityToken: 1 as never } })],
  ['a client, an unknown option', () => new ClientRemoting({ address: 'a:1', [SECRET.slice(0, 3)]: SECRET })],
  ['a client, its keys', () => new ClientRemoting({ address: 'a:1', acl: SECRET as never })],
  ['a server', () => new ServerRemoting({ acl: { accounts: { alice: SECRET, bob: 1 as never } } })],
  ['a server without accounts', () => new ServerRemoting({ acl: { [SECRET]: SECRET } as never })],
  ['a module', () => RocketMQModule.forRoot({ clients: SECRET as never })],
])('secrets are in no error of options: %s', (_what, make) => {
  let error: unknown;
  try {
    make();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 'RMQ_OPTIONS' });
  expectNoSecret(shown(error));
});

test('a TLS key is in no printed client or server', () => {
  const strategy = new ServerRemoting({ tls: { ...serverCertificate, passphrase: PASSPHRASE } });
  const client = new ClientRemoting({ address: 'a:1', tls: { ...serverCertificate, passphrase: PASSPHRASE } });
  for (const each of [strategy, client]) expectNoSecret(shown(each));
});
