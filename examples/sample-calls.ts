import type { INestApplication } from '@nestjs/common';
import { type ClientRemoting, clientRemotingToken } from 'nestjs-rocketmq';
import { lastValueFrom, toArray } from 'rxjs';
import { Code, codeNames } from './request-codes.js';

const samples: readonly { readonly code: number; readonly data: unknown }[] = [
  { code: Code.ECHO, data: { hello: 'RocketMQ' } },
  { code: Code.SUM, data: [1, 2, 39] },
  { code: Code.COUNT, data: 5 },
];

/** Makes the sample calls; a line each: what was called, with what, and all values of the answer. */
export async function sampleCalls(app: INestApplication): Promise<string[]> {
  const client = app.get<ClientRemoting>(clientRemotingToken('example'));
  const lines: string[] = [];
  for (const { code, data } of samples) {
    const answers = await lastValueFrom(client.send(code, data).pipe(toArray()));
    const told = answers.map(each => JSON.stringify(each)).join(' ');
    lines.push(`${code} ${(codeNames[code] ?? '').padEnd(6)} ${JSON.stringify(data).padEnd(22)} → ${told}`);
  }
  return lines;
}
