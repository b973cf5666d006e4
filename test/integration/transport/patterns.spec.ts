import { expect, test } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { RemotingCommand } from '../../../src/protocol/remoting-command.js';
import { RemotingContext } from '../../../src/transport/remoting.context.js';
import { RemotingRecordBuilder } from '../../../src/transport/remoting.record-builder.js';
import { useNest } from './support/nest-loopback.js';

const nest = useNest();

const HUGE = 'p'.repeat(300_000);
const patterns = [
  '1e3',
  'true',
  'null',
  '007',
  '-0',
  '+1',
  ' 1',
  '1.0',
  '2147483648',
  '-2147483649',
  '{"a":1}',
  '"quoted"',
  'constructor',
  '__proto__',
  'toString',
  '',
  'ä/😀\u0000\n"\\',
  HUGE,
];

@Controller()
class Handlers {
  @MessagePattern(patterns) named(@Ctx() context: RemotingContext): unknown {
    return { pattern: context.getPattern(), metadata: context.getMetadata() };
  }
  @MessagePattern([1e21, Number.NaN, 0.5]) odd(@Ctx() context: RemotingContext): unknown {
    return context.getPattern();
  }
  @MessagePattern(['2147483647', '-2147483648', '0']) codes(@Ctx() context: RemotingContext): unknown {
    return [context.command.code, context.getPattern()];
  }
}

test.each(patterns.map(pattern => [pattern.slice(0, 20), pattern]))('the pattern %j', async (_shown, pattern) => {
  const { client } = await nest.pair([Handlers]);
  const record = new RemotingRecordBuilder('x').setExtFields({ own: 'field' }).build();
  expect(await firstValueFrom(client.send(pattern, record))).toEqual({ pattern, metadata: { own: 'field' } });
});

test.each([1e21, Number.NaN, 0.5])('the number %d, which is no request code', async pattern => {
  const { client } = await nest.pair([Handlers]);
  expect(await firstValueFrom(client.send(pattern, 1))).toBe(String(pattern));
});

test.each([2_147_483_647, -2_147_483_648, 0])('the request code %d', async code => {
  const { client } = await nest.pair([Handlers]);
  expect(await firstValueFrom(client.send(code, 1))).toEqual([code, String(code)]);
  expect(await firstValueFrom(client.send(String(code), 1))).toEqual([code, String(code)]);
});

test.each(['hasOwnProperty', '__proto__x', '1e4', 'x'.repeat(500_000)])(
  'a pattern that nobody serves',
  async pattern => {
    const { client } = await nest.pair([Handlers]);
    const error: unknown = await firstValueFrom(client.send(pattern, 1)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      error: { code: 3, message: expect.stringContaining('There is no matching message handler for the pattern') },
    });
    expect((error as Error).message.length).toBeLessThan(300);
  },
);

test('a request that carries no pattern at all', async () => {
  const { address } = await nest.serve([]);
  const answer = await nest.loopback.client().invokeSync(address, new RemotingCommand({ code: 30_001 }));
  expect(answer.code).toBe(3);
});
