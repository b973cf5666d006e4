import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RequestCode } from '../../../src/transport/request-code.decorator.js';
import { eventually } from '../../helpers/eventually.js';
import { echo, silence } from '../../helpers/echo.js';
import { useNest } from './support/nest-loopback.js';

const nest = useNest();
const CALLED_BACK = 20_030;
const TOLD = 20_031;

@Controller()
class Handlers {
  @RequestCode(20_001) async ask(@Payload() text: string, @Ctx() context: RemotingContext): Promise<unknown> {
    const answer = await context.invokeSync(new RemotingCommand({ code: CALLED_BACK, body: text }), 200);
    return { code: answer.code, text: answer.bodyText, peer: context.channel.remoteAddress };
  }
  @RequestCode(20_002) async tell(@Payload() text: string, @Ctx() context: RemotingContext): Promise<void> {
    await context.invokeOneway(new RemotingCommand({ code: TOLD, body: text }));
  }
}

test('a handler calls its caller back, each on its own connection', async () => {
  const { address, strategy } = await nest.serve([Handlers]);
  const clients = ['a', 'b'].map(name => {
    const client = nest.client({ address });
    client.unwrap().registerProcessor(CALLED_BACK, {
      processRequest: (_channel, request) =>
        RemotingCommand.createResponseCommand(0, undefined, `${name} ${request.bodyText}`),
    });
    return client;
  });
  const answers = await Promise.all(clients.map(client => firstValueFrom(client.send(20_001, 'who'))));
  expect(answers).toEqual([
    { code: 0, text: 'a who', peer: expect.any(String) },
    { code: 0, text: 'b who', peer: expect.any(String) },
  ]);
  expect(strategy.unwrap().core.responseTable.size).toBe(0);
});

test('a foreign client is called back as well', async () => {
  const { address } = await nest.serve([Handlers]);
  const foreign = nest.loopback.client();
  foreign.registerProcessor(CALLED_BACK, echo);
  const answer = await foreign.invokeSync(address, new RemotingCommand({ code: 20_001, body: '"hello"' }));
  expect(JSON.parse(answer.bodyText)).toMatchObject({ code: 0, text: 'hello' });
});

test('oneway', async () => {
  const { client } = await nest.pair([Handlers]);
  const told: string[] = [];
  client.unwrap().registerProcessor(TOLD, {
    processRequest: (_channel, request) => void told.push(request.bodyText),
  });
  await firstValueFrom(client.send(20_002, 'news'), { defaultValue: undefined });
  await eventually(() => told.length === 1, 'told');
  expect(told).toEqual(['news']);
});

test('a caller that does not serve the code, and one that never answers', async () => {
  const { client, strategy } = await nest.pair([Handlers]);
  expect(await firstValueFrom(client.send(20_001, 'x'))).toMatchObject({ code: 3 });
  client.unwrap().registerProcessor(CALLED_BACK, silence);
  await expect(firstValueFrom(client.send(20_001, 'x'))).rejects.toMatchObject({
    error: { code: 1, message: 'Internal server error' },
  });
  expect(strategy.unwrap().core.responseTable.size).toBe(0);
});
