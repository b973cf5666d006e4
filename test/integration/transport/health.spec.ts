import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { type RemotingHealth, RemotingHealthIndicator } from '../../../src/transport/health.js';
import { eventually } from '../../helpers/eventually.js';
import { useNest } from './support/nest-loopback.js';
import { Deferred, observe } from './support/observe.js';

const nest = useNest();
const indicator = new RemotingHealthIndicator();
let gate: Deferred;

@Controller()
class Handlers {
  @MessagePattern(20_001) wait(): Promise<void> {
    return gate.promise;
  }
}

/** As Terminus takes it: one key, with `up` or `down` and details. */
const of = (holder: Parameters<RemotingHealthIndicator['isHealthy']>[1]): RemotingHealth => {
  const result = indicator.isHealthy('it', holder);
  expect(Object.keys(result)).toEqual(['it']);
  return result.it;
};

test('a server: up while it listens, down as soon as it drains, before its handlers are done', async () => {
  gate = new Deferred();
  const { client, strategy, app } = await nest.pair([Handlers], { server: { drainTimeoutMs: 5000 } });
  expect(of(strategy)).toEqual({ status: 'up', connections: 0, inFlight: 0, permitsAvailable: 64 });
  const answer = observe(client.send(20_001, 1));
  await eventually(() => strategy.unwrap().dispatcher.pending === 1, 'the handler runs');
  expect(of(strategy)).toMatchObject({ status: 'up', connections: 1 });
  const closed = app.close();
  await eventually(() => strategy.unwrap().isDraining, 'it drains');
  expect(of(strategy)).toMatchObject({ status: 'down', message: 'it drains', connections: 1 });
  expect(strategy.unwrap().dispatcher.pending).toBe(1);
  gate.resolve();
  expect(await answer).toEqual({ values: [] });
  await closed;
  expect(of(strategy)).toMatchObject({ status: 'down', connections: 0 });
});

test('a server that does not listen yet', () => {
  expect(of(nest.strategy())).toMatchObject({ status: 'down', message: 'it does not listen' });
});

test('a client: up until it is known that nothing can be reached, and up again', async () => {
  const port = await nest.loopback.closedPort();
  const address = `127.0.0.1:${port}`;
  const client = nest.client({ address });
  expect(of(client)).toEqual({ status: 'up', connections: 0, inFlight: 0, permitsAvailable: 65_535 });
  await observe(client.send(20_001, 1));
  expect(of(client)).toMatchObject({ status: 'down', message: `no connection to ${address}` });
  gate = new Deferred();
  const { strategy } = await nest.serve([Handlers], { server: { port } });
  const answer = firstValueFrom(client.send(20_001, 1), { defaultValue: 'done' });
  await eventually(() => strategy.unwrap().dispatcher.pending === 1, 'the handler runs');
  expect(of(client)).toEqual({ status: 'up', connections: 1, inFlight: 1, permitsAvailable: 65_534 });
  gate.resolve();
  expect(await answer).toBe('done');
  await client.close();
  expect(of(client)).toMatchObject({ status: 'down', message: 'it was shut down' });
});

test('a client of several servers is up while one is there', async () => {
  gate = new Deferred();
  gate.resolve();
  const { address } = await nest.serve([Handlers]);
  const down = `127.0.0.1:${await nest.loopback.closedPort()}`;
  const client = nest.client({ addresses: [address, down] });
  for (let call = 0; call < 4; call++) await observe(client.send(20_001, 1));
  expect(client.unwrap().failingAddresses).toEqual([down]);
  expect(of(client)).toMatchObject({ status: 'up', connections: 1 });
});

test('asking opens no connection and costs no permit', async () => {
  const { client, strategy } = await nest.pair([Handlers]);
  for (let asked = 0; asked < 100; asked++) {
    of(client);
    of(strategy);
  }
  await new Promise(setImmediate);
  expect(strategy.unwrap().statistics.connectionsOpened).toBe(0);
  expect(client.unwrap().isStarted).toBe(false);
});
