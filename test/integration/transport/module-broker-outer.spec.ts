import { expect, test } from '@jest/globals';
import { Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { BrokerOuterAPI } from '../../../src/broker-outer/broker-outer-api.js';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RocketMQModule } from '../../../src/transport/rocketmq.module.js';
import { useNest } from './support/nest-loopback.js';

const nest = useNest();

@Injectable()
class Broker {
  constructor(@Inject(BrokerOuterAPI) readonly api: BrokerOuterAPI) {}
}

test.each(['forRoot', 'forRootAsync'] as const)(
  '%s gives a BrokerOuterAPI that starts and stops with the application',
  async how => {
    const nameServer = await nest.loopback.server(
      {},
      { 206: { processRequest: () => RemotingCommand.createResponseCommand(0, undefined, '{"topicList":["A"]}') } },
    );
    const options = { brokerOuter: { nameServers: [nameServer.address] } };
    const module =
      how === 'forRoot'
        ? RocketMQModule.forRoot(options)
        : RocketMQModule.forRootAsync({ clients: [], brokerOuter: true, useFactory: () => options });
    @Module({ imports: [module], providers: [Broker] })
    class AppModule {}
    const app = (await Test.createTestingModule({ imports: [AppModule] }).compile()).createNestApplication();
    await app.init();
    const { api } = app.get(Broker);
    nest.loopback.watch(api.remotingClient);
    expect(await api.getTopicListFromNameServer('all')).toMatchObject({ topicList: ['A'] });
    await app.close();
    expect(api.remotingClient.isShutdown).toBe(true);
  },
);

test('a factory that gives no brokerOuter is told so', async () => {
  const module = RocketMQModule.forRootAsync({ clients: [], brokerOuter: true, useFactory: () => ({}) });
  await expect(Test.createTestingModule({ imports: [module] }).compile()).rejects.toMatchObject({
    message: expect.stringContaining('the factory gives no "brokerOuter"'),
  });
});
